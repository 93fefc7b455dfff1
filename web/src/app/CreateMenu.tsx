import { ActionIcon, Button, Group, Menu } from "@mantine/core";
import {
  IconBuilding,
  IconCalendarEvent,
  IconChevronDown,
  IconDots,
  IconFileImport,
  IconFileInvoice,
  IconPlus,
  IconUser,
} from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

type Props = { opened: boolean; onChange: (opened: boolean) => void; onChoose: () => void; compact: boolean };

/** The button from which everything new begins. */
export function CreateMenu({ opened, onChange, onChoose, compact }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const imports = (
    <>
      <Menu.Item leftSection={<IconFileImport size={16} />} onClick={() => void navigate({ to: "/imports" })}>
        {t("importContacts")}
      </Menu.Item>
      <Menu.Item leftSection={<IconFileImport size={16} />} onClick={() => void navigate({ to: "/event-imports" })}>
        {t("importEvents")}
      </Menu.Item>
    </>
  );
  const menu = (
    <Menu opened={opened} onChange={onChange} onClose={onChoose} position="bottom-start" width="target">
      <Menu.Target>
        {compact ? (
          <ActionIcon size="lg" aria-label={t("create")}>
            <IconPlus size={20} />
          </ActionIcon>
        ) : (
          <Button fullWidth leftSection={<IconPlus size={16} />} rightSection={<IconChevronDown size={14} />}>
            {t("create")}
          </Button>
        )}
      </Menu.Target>
      <Menu.Dropdown miw={180}>
        <Menu.Item
          leftSection={<IconBuilding size={16} />}
          onClick={() => void navigate({ to: "/contacts/new", search: { kind: "COMPANY" } })}
        >
          {t("company")}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconUser size={16} />}
          onClick={() => void navigate({ to: "/contacts/new", search: { kind: "PERSON" } })}
        >
          {t("person")}
        </Menu.Item>
        <Menu.Item leftSection={<IconFileInvoice size={16} />} onClick={() => void navigate({ to: "/invoices/new" })}>
          {t("invoice")}
        </Menu.Item>
        <Menu.Item leftSection={<IconCalendarEvent size={16} />} onClick={() => void navigate({ to: "/events/new" })}>
          {t("event")}
        </Menu.Item>
        {compact && imports}
      </Menu.Dropdown>
    </Menu>
  );
  if (compact) return menu;
  return (
    <Group gap={6} wrap="nowrap">
      <div style={{ flex: 1 }}>{menu}</div>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label={t("moreToCreate")}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>{imports}</Menu.Dropdown>
      </Menu>
    </Group>
  );
}
