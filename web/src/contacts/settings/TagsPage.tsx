import { ActionIcon, Anchor, Button, Group, Table, Tabs, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useForm } from "@mantine/form";
import { IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { keepPreviousData, useQuery, useQueryClient, type UseQueryOptions } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { keys, listOf, type Page } from "../../api/queries";
import { ActDialog } from "../../kit/ActDialog";
import { useCallForm } from "../../kit/callForm";
import { NothingYet } from "../../kit/EmptyState";
import { ErrorBox } from "../../kit/ErrorBox";
import { SearchBox } from "../../kit/FilterBar";
import { Section } from "../../kit/RecordPage";
import { Loaded, SettingsPage } from "../../kit/SettingsPage";
import { tell } from "../../kit/toasts";
import { addTag, deleteTag, deleteUnusedTags, renameTag, usesOf, type Tag, type TagCollection } from "./calls";
import { SpreadSection } from "./SettingsOfContacts";

type Asked = { what: "add" | "deleteUnused" } | { what: "delete"; tag: Tag };

const TABS = ["contactTags", "eventTags"] as const;

/** The tags of contacts and of events: how many have each, and which nobody needs any more. */
export function TagsPage() {
  const { t } = useTranslation("contactSettings");
  const client = useQueryClient();
  const [asked, setAsked] = useState<Asked>();
  const [tab, setTab] = useState<TagCollection>("contactTags");
  const close = () => setAsked(undefined);
  const refresh = () => {
    close();
    void client.invalidateQueries({ queryKey: keys.lists(tab) });
  };
  return (
    <SettingsPage
      title={t("tags.title")}
      lead={t("tags.lead")}
      action={
        <Button leftSection={<IconPlus size={16} />} onClick={() => setAsked({ what: "add" })}>
          {t("tags.add")}
        </Button>
      }
    >
      <Tabs value={tab} onChange={(chosen) => setTab(TABS.find((known) => known === chosen) ?? "contactTags")} mb="md">
        <Tabs.List>
          {TABS.map((known) => (
            <Tabs.Tab key={known} value={known}>
              {t(`tags.tab.${known}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      <Section
        title={t(`tags.of.${tab}`)}
        action={
          <Button size="xs" variant="default" onClick={() => setAsked({ what: "deleteUnused" })}>
            {t("tags.deleteUnused")}
          </Button>
        }
      >
        <TagTable key={tab} collection={tab} onDelete={(tag) => setAsked({ what: "delete", tag })} />
      </Section>
      {tab === "contactTags" && <SpreadSection field="tagsToRelated" />}
      {asked?.what === "add" && <TagDialog collection={tab} onDone={refresh} onClose={close} />}
      {asked?.what === "deleteUnused" && (
        <ActDialog
          title={t("tags.deleteUnusedTitle")}
          text={t(`tags.unusedText.${tab}`)}
          action={t("delete")}
          danger
          run={() => deleteUnusedTags(tab)}
          onDone={refresh}
          onClose={close}
        />
      )}
      {asked?.what === "delete" && (
        <ActDialog
          title={t("deleteTitle", { title: asked.tag.title })}
          text={t(tab === "eventTags" ? "tags.deleteFromEvents" : "tags.deleteText", { count: usesOf(asked.tag) })}
          action={t("delete")}
          danger
          run={() => deleteTag(asked.tag)}
          onDone={refresh}
          onClose={close}
        />
      )}
    </SettingsPage>
  );
}

type TableProps = { collection: TagCollection; onDelete: (tag: Tag) => void };

function TagTable({ collection, onDelete }: TableProps) {
  const { t } = useTranslation("contactSettings");
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed, 200);
  const tags = useQuery<Page<Tag>>({
    ...(listOf(collection, { q, pageSize: 200 }) as object as UseQueryOptions<Page<Tag>>),
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <Group mb="sm">
        <SearchBox label={t("tags.search")} value={typed} onChange={setTyped} />
      </Group>
      <Loaded query={tags}>
        {({ records }) =>
          records.length === 0 ? (
            <NothingYet
              title={t(q ? "tags.nothingFound" : "tags.nothing")}
              text={q ? undefined : t(`tags.nothingText.${collection}`)}
            />
          ) : (
            <Table aria-label={t("tags.title")}>
              <Table.Tbody>
                {records.map((tag) => (
                  <TagRow key={tag.name} {...{ collection, tag }} onDelete={() => onDelete(tag)} />
                ))}
              </Table.Tbody>
            </Table>
          )
        }
      </Loaded>
    </>
  );
}

type RowProps = { collection: TagCollection; tag: Tag; onDelete: () => void };

/** A tag and how many have it; its name is changed in its place. */
function TagRow({ collection, tag, onDelete }: RowProps) {
  const { t } = useTranslation("contactSettings");
  const [renaming, setRenaming] = useState(false);
  const pencil = useRef<HTMLButtonElement>(null);
  const { title } = tag;
  const close = () => {
    setRenaming(false);
    requestAnimationFrame(() => pencil.current?.focus());
  };
  if (renaming)
    return (
      <Table.Tr>
        <Table.Td colSpan={3}>
          <Rename {...{ collection, tag }} onClose={close} />
        </Table.Td>
      </Table.Tr>
    );
  return (
    <Table.Tr>
      <Table.Td className="anywhere">{title}</Table.Td>
      <Table.Td ta="right">
        {usesOf(tag) > 0 ? (
          <Anchor
            component={Link}
            to={collection === "eventTags" ? "/events" : "/contacts"}
            search={{ tag: title } as never}
            size="sm"
          >
            {t(collection === "eventTags" ? "events.count" : "contacts.count", { count: usesOf(tag) })}
          </Anchor>
        ) : (
          <span className="quiet">{t("tags.unused")}</span>
        )}
      </Table.Td>
      <Table.Td w={84}>
        <Group gap={4} wrap="nowrap">
          <ActionIcon
            ref={pencil}
            variant="subtle"
            color="gray"
            aria-label={t("tags.rename", { title })}
            onClick={() => setRenaming(true)}
          >
            <IconPencil size={17} />
          </ActionIcon>
          <ActionIcon variant="subtle" color="gray" aria-label={t("deleteOne", { title })} onClick={onDelete}>
            <IconTrash size={17} />
          </ActionIcon>
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

/** Where a tag gets another name: Enter saves it, Escape leaves it. */
function Rename({ collection, tag, onClose }: Omit<RowProps, "onDelete"> & { onClose: () => void }) {
  const { t } = useTranslation(["contactSettings", "errors", "kit"]);
  const client = useQueryClient();
  const { title } = tag;
  const form = useForm({
    initialValues: { title },
    validate: { title: (value) => (value.trim() ? null : t("errors:required")) },
  });
  const { submit, pending, error, marked } = useCallForm({
    form,
    run: async (values: { title: string }) => {
      const next = values.title.trim();
      return next === title ? tag : renameTag(tag, next);
    },
    onDone: (renamed) => {
      // The records that have it are told under its new name.
      for (const changed of [collection, collection === "eventTags" ? "events" : "contacts"])
        void client.invalidateQueries({ queryKey: [changed] });
      if (renamed.title !== title) tell(t("tags.renamed", { title: renamed.title }));
      onClose();
    },
  });
  return (
    <form noValidate onSubmit={submit} onKeyDown={(event) => event.key === "Escape" && onClose()}>
      <Group gap="xs" align="flex-start">
        <TextInput
          style={{ flex: "1 1 200px" }}
          aria-label={t("tags.newName", { title })}
          autoFocus
          {...form.getInputProps("title")}
        />
        <Button type="submit" loading={pending}>
          {t("kit:form.save")}
        </Button>
        <Button variant="default" onClick={onClose}>
          {t("kit:cancel")}
        </Button>
      </Group>
      {error && <ErrorBox error={error} marked={marked} />}
    </form>
  );
}

type DialogProps = { collection: TagCollection; onDone: () => void; onClose: () => void };

function TagDialog({ collection, onDone, onClose }: DialogProps) {
  const { t } = useTranslation(["contactSettings", "errors", "kit"]);
  const form = useForm({
    initialValues: { title: "" },
    validate: { title: (value) => (value.trim() ? null : t("errors:required")) },
  });
  return (
    <ActDialog
      title={t("tags.new")}
      action={t("kit:form.save")}
      form={form}
      run={({ title }) => addTag(collection, title)}
      onDone={onDone}
      onClose={onClose}
    >
      <TextInput label={t("field.title")} required data-autofocus {...form.getInputProps("title")} />
    </ActDialog>
  );
}
