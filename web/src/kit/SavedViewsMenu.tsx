import { ActionIcon, Menu, TextInput, Tooltip } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconBookmark, IconX } from "@tabler/icons-react";
import { useNavigate, useRouterState } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Collection } from "../api/queries";
import type { SavedView } from "../api/types";
import { ActDialog } from "./ActDialog";
import { removeView, saveView, searchOf, useSavedViews, type Shown } from "./savedViews";
import { tellError } from "./toasts";

type Props = {
  list: Collection;
  /** The columns that are not shown, where one may choose them. */
  hidden?: string[];
  onHide?: (hidden: string[]) => void;
};

/** The views of a list that somebody keeps: to go to, to keep the present one, to remove. */
export default function SavedViewsMenu({ list, hidden = [], onHide }: Props) {
  const { t } = useTranslation("lists");
  const navigate = useNavigate();
  const search = useRouterState({ select: ({ location }) => location.search as Shown["search"] });
  const { views, refresh } = useSavedViews(list);
  const [naming, setNaming] = useState(false);
  const show = (view: SavedView) => {
    onHide?.(view.hiddenColumns);
    void navigate({ to: ".", search: searchOf(view) as never });
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
        <Menu.Dropdown mah="70vh" style={{ overflowY: "auto" }}>
          {views.length === 0 && <Menu.Label>{t("views.nothing")}</Menu.Label>}
          {views.map((view) => (
            <Menu.Item key={view.name} onClick={() => show(view)}>
              {view.title}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item onClick={() => setNaming(true)}>{t("views.save")}</Menu.Item>
          {views.map((view) => (
            <Menu.Item
              key={view.name}
              leftSection={<IconX size={14} />}
              onClick={() => void removeView(view).catch(tellError).finally(refresh)}
            >
              {t("views.remove", { title: view.title })}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {naming && (
        <NameDialog
          run={(title) => saveView(list, title, { search, hidden }, views)}
          onClose={() => setNaming(false)}
          onDone={() => {
            setNaming(false);
            refresh();
          }}
        />
      )}
    </>
  );
}

type DialogProps = { run: (title: string) => Promise<SavedView>; onDone: () => void; onClose: () => void };

function NameDialog({ run, onDone, onClose }: DialogProps) {
  const { t } = useTranslation(["lists", "errors", "kit"]);
  const form = useForm({
    initialValues: { title: "" },
    validate: { title: (value) => (value.trim() ? null : t("errors:required")) },
  });
  return (
    <ActDialog
      title={t("views.save")}
      action={t("kit:form.save")}
      form={form}
      run={({ title }) => run(title.trim())}
      onDone={onDone}
      onClose={onClose}
    >
      <TextInput
        label={t("views.name")}
        description={t("views.same")}
        maxLength={100}
        required
        data-autofocus
        {...form.getInputProps("title")}
      />
    </ActDialog>
  );
}
