import { ActionIcon, Group, Menu, Tooltip } from "@mantine/core";
import { IconArrowMerge, IconColumns3, IconDownload } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";

import SavedViewsMenu from "../kit/SavedViewsMenu";
import { COLUMNS, type Column } from "./columns";
import type { ContactSearch } from "./search";

const ExportDialog = lazy(() => import("./Exports"));

type Props = {
  search: ContactSearch;
  /** What the list shows, in the filter language. */
  filter: string;
  hidden: Column[];
  onHide: (hidden: Column[]) => void;
};

/** Which columns a list shows, and the views of it that somebody saved. */
export default function ListTools({ search, filter, hidden, onHide }: Props) {
  const { t } = useTranslation(["bulk", "contacts"]);
  const navigate = useNavigate();
  const [exporting, setExporting] = useState(false);
  const toggle = (column: Column) =>
    onHide(hidden.includes(column) ? hidden.filter((other) => other !== column) : [...hidden, column]);
  return (
    <Group gap={4} wrap="nowrap" visibleFrom="sm">
      <SavedViewsMenu list="contacts" hidden={hidden} onHide={(names) => onHide(names as Column[])} />
      <Menu position="bottom-end">
        <Menu.Target>
          <Tooltip label={t("columns")}>
            <ActionIcon variant="default" size={36} aria-label={t("columns")}>
              <IconColumns3 size={18} />
            </ActionIcon>
          </Tooltip>
        </Menu.Target>
        <Menu.Dropdown>
          {COLUMNS.map((column) => (
            <Menu.CheckboxItem key={column} checked={!hidden.includes(column)} onChange={() => toggle(column)}>
              {column === "create_time" ? t("contacts:created") : t(`contacts:field.${column}`)}
            </Menu.CheckboxItem>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Tooltip label={t("duplicates.title")}>
        <ActionIcon
          variant="default"
          size={36}
          aria-label={t("duplicates.title")}
          onClick={() => void navigate({ to: "/duplicates" })}
        >
          <IconArrowMerge size={18} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t("export")}>
        <ActionIcon variant="default" size={36} aria-label={t("export")} onClick={() => setExporting(true)}>
          <IconDownload size={18} />
        </ActionIcon>
      </Tooltip>
      {exporting && (
        <Suspense>
          <ExportDialog
            wanted={{ filter, q: search.q ?? "", orderBy: search.sort ?? "" }}
            onClose={() => setExporting(false)}
          />
        </Suspense>
      )}
    </Group>
  );
}
