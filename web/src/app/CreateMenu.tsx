import { ActionIcon, Button, Menu } from "@mantine/core";
import { IconBuilding, IconChevronDown, IconFileInvoice, IconPlus, IconUser } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

type Props = { opened: boolean; onChange: (opened: boolean) => void; onChoose: () => void; compact: boolean };

/** The button from which everything new begins. */
export function CreateMenu({ opened, onChange, onChoose, compact }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
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
      </Menu.Dropdown>
    </Menu>
  );
}
