import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import { IconBraces } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { dictionary } from "../../api/queries";

const TAGS = ["first_name", "last_name", "display_name", "company", "job_title", "email"] as const;

type Props = { label: string; size?: number; onInsert: (tag: string) => void };

/** What can be written in place of which each contact gets its own: its names and its fields. */
export function MergeTagMenu({ label, size = 36, onInsert }: Props) {
  const { t } = useTranslation("mailings");
  const own = useQuery(dictionary("contactFields")).data?.records ?? [];
  return (
    <Menu position="bottom-end" returnFocus={false}>
      <Menu.Target>
        <Tooltip label={label}>
          <ActionIcon variant="default" size={size} aria-label={label}>
            <IconBraces size={size / 2} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown mah={360} style={{ overflowY: "auto" }}>
        {TAGS.map((tag) => (
          <Menu.Item key={tag} onClick={() => onInsert(`{{${tag}}}`)}>
            {t(`tags.${tag}`)}
          </Menu.Item>
        ))}
        {own
          .filter(({ kind }) => kind !== "HEADING")
          .map(({ name, label }) => (
            <Menu.Item key={name} onClick={() => onInsert(`{{custom.${name}}}`)}>
              {label}
            </Menu.Item>
          ))}
      </Menu.Dropdown>
    </Menu>
  );
}
