import { ActionIcon, Group, Menu, TextInput, Tooltip } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useLocalStorage } from "@mantine/hooks";
import { IconArrowMerge, IconBookmark, IconColumns3, IconDownload, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";

import { me } from "../api/queries";
import { ActDialog } from "../kit/ActDialog";
import { COLUMNS, type Column } from "./columns";
import type { ContactSearch } from "./search";

const ExportDialog = lazy(() => import("./Exports"));

type View = { title: string; search: ContactSearch; hidden: Column[] };
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
      <Views {...{ search, hidden, onHide }} />
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

/** A saved view is the search without the place in it. */
function kept(search: ContactSearch): ContactSearch {
  return { ...search, page: undefined, open: undefined };
}

function Views({ search, hidden, onHide }: Omit<Props, "filter">) {
  const { t } = useTranslation("bulk");
  const navigate = useNavigate();
  const { data: user } = useQuery(me);
  const [views, setViews] = useLocalStorage<View[]>({
    key: `rapport.views.contacts.${user?.name ?? ""}`,
    defaultValue: [],
    getInitialValueInEffect: false,
  });
  const [naming, setNaming] = useState(false);
  const show = (view: View) => {
    onHide(view.hidden);
    void navigate({ to: "/contacts", search: view.search });
  };
  return (
    <>
      <Menu position="bottom-end" width={260}>
        <Menu.Target>
          <Tooltip label={t("views.title")}>
            <ActionIcon variant="default" size={36} aria-label={t("views.title")}>
              <IconBookmark size={18} />
            </ActionIcon>
          </Tooltip>
        </Menu.Target>
        <Menu.Dropdown>
          {views.length === 0 && <Menu.Label>{t("views.nothing")}</Menu.Label>}
          {views.map((view) => (
            <Menu.Item key={view.title} onClick={() => show(view)}>
              {view.title}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item onClick={() => setNaming(true)}>{t("views.save")}</Menu.Item>
          {views.map((view) => (
            <Menu.Item
              key={view.title}
              leftSection={<IconX size={14} />}
              onClick={() => setViews(views.filter((other) => other !== view))}
            >
              {t("views.remove", { title: view.title })}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {naming && (
        <NameDialog
          onClose={() => setNaming(false)}
          onDone={(title) => {
            setNaming(false);
            setViews([...views.filter((other) => other.title !== title), { title, search: kept(search), hidden }]);
          }}
        />
      )}
    </>
  );
}

function NameDialog({ onDone, onClose }: { onDone: (title: string) => void; onClose: () => void }) {
  const { t } = useTranslation(["bulk", "errors", "kit"]);
  const form = useForm({
    initialValues: { title: "" },
    validate: { title: (value) => (value.trim() ? null : t("errors:required")) },
  });
  return (
    <ActDialog
      title={t("views.save")}
      action={t("kit:form.save")}
      form={form}
      run={({ title }) => Promise.resolve(title.trim())}
      onDone={onDone}
      onClose={onClose}
    >
      <TextInput label={t("views.name")} required data-autofocus {...form.getInputProps("title")} />
    </ActDialog>
  );
}
