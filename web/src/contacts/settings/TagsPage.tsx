import { ActionIcon, Anchor, Button, Group, Table, Tabs, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useForm } from "@mantine/form";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { keepPreviousData, useQuery, useQueryClient, type UseQueryOptions } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { keys, listOf, type Page } from "../../api/queries";
import { ActDialog } from "../../kit/ActDialog";
import { NothingYet } from "../../kit/EmptyState";
import { SearchBox } from "../../kit/FilterBar";
import { Section } from "../../kit/RecordPage";
import { Loaded, SettingsPage } from "../../kit/SettingsPage";
import { addTag, deleteTag, deleteUnusedTags, usesOf, type Tag, type TagCollection } from "./calls";
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
                  <Table.Tr key={tag.name}>
                    <Table.Td className="anywhere">{tag.title}</Table.Td>
                    <Table.Td ta="right">
                      {usesOf(tag) > 0 ? (
                        <Anchor
                          component={Link}
                          to={collection === "eventTags" ? "/events" : "/contacts"}
                          search={{ tag: tag.title } as never}
                          size="sm"
                        >
                          {t(collection === "eventTags" ? "events.count" : "contacts.count", { count: usesOf(tag) })}
                        </Anchor>
                      ) : (
                        <span className="quiet">{t("tags.unused")}</span>
                      )}
                    </Table.Td>
                    <Table.Td w={48}>
                      <ActionIcon
                        variant="subtle"
                        color="gray"
                        aria-label={t("deleteOne", { title: tag.title })}
                        onClick={() => onDelete(tag)}
                      >
                        <IconTrash size={17} />
                      </ActionIcon>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )
        }
      </Loaded>
    </>
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
