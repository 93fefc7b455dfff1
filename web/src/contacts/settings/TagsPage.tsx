import { ActionIcon, Anchor, Button, Group, Table, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useForm } from "@mantine/form";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { keys, listOf } from "../../api/queries";
import type { ContactTag } from "../../api/types";
import { ActDialog } from "../../kit/ActDialog";
import { NothingYet } from "../../kit/EmptyState";
import { SearchBox } from "../../kit/FilterBar";
import { Section } from "../../kit/RecordPage";
import { Loaded, SettingsPage } from "../../kit/SettingsPage";
import { addTag, deleteTag, deleteUnusedTags } from "./calls";
import { SpreadSection } from "./SettingsOfContacts";

type Asked = { what: "add" | "deleteUnused" } | { what: "delete"; tag: ContactTag };

/** The tags of contacts: how many contacts have each, and which nobody needs any more. */
export function TagsPage() {
  const { t } = useTranslation("contactSettings");
  const client = useQueryClient();
  const [asked, setAsked] = useState<Asked>();
  const close = () => setAsked(undefined);
  const refresh = () => {
    close();
    void client.invalidateQueries({ queryKey: keys.lists("contactTags") });
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
      <Section
        title={t("tags.contacts")}
        action={
          <Button size="xs" variant="default" onClick={() => setAsked({ what: "deleteUnused" })}>
            {t("tags.deleteUnused")}
          </Button>
        }
      >
        <TagTable onDelete={(tag) => setAsked({ what: "delete", tag })} />
      </Section>
      <SpreadSection field="tagsToRelated" />
      {asked?.what === "add" && <TagDialog onDone={refresh} onClose={close} />}
      {asked?.what === "deleteUnused" && (
        <ActDialog
          title={t("tags.deleteUnusedTitle")}
          text={t("tags.deleteUnusedText")}
          action={t("delete")}
          danger
          run={deleteUnusedTags}
          onDone={refresh}
          onClose={close}
        />
      )}
      {asked?.what === "delete" && (
        <ActDialog
          title={t("deleteTitle", { title: asked.tag.title })}
          text={t("tags.deleteText", { count: asked.tag.contactCount })}
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

function TagTable({ onDelete }: { onDelete: (tag: ContactTag) => void }) {
  const { t } = useTranslation("contactSettings");
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed, 200);
  const tags = useQuery({ ...listOf("contactTags", { q, pageSize: 200 }), placeholderData: keepPreviousData });
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
              text={q ? undefined : t("tags.nothingText")}
            />
          ) : (
            <Table aria-label={t("tags.title")}>
              <Table.Tbody>
                {records.map((tag) => (
                  <Table.Tr key={tag.name}>
                    <Table.Td className="anywhere">{tag.title}</Table.Td>
                    <Table.Td ta="right">
                      {tag.contactCount > 0 ? (
                        <Anchor component={Link} to="/contacts" search={{ tag: tag.title } as never} size="sm">
                          {t("count", { count: tag.contactCount })}
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

function TagDialog({ onDone, onClose }: { onDone: () => void; onClose: () => void }) {
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
      run={({ title }) => addTag(title)}
      onDone={onDone}
      onClose={onClose}
    >
      <TextInput label={t("field.title")} required data-autofocus {...form.getInputProps("title")} />
    </ActDialog>
  );
}
