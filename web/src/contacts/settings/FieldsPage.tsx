import { ActionIcon, Button, Group, Tabs, Text } from "@mantine/core";
import { IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { dictionary, keys, type Page } from "../../api/queries";
import { ActDialog } from "../../kit/ActDialog";
import { OrderedList } from "../../kit/OrderedList";
import { Section } from "../../kit/RecordPage";
import { Loaded, SettingsPage } from "../../kit/SettingsPage";
import { tellError } from "../../kit/toasts";
import { deleteField, reorder, usesOf, type Field, type FieldCollection } from "./calls";
import { FieldDialog } from "./FieldDialog";

type Asked = { what: "save"; field?: Field } | { what: "delete"; field: Field };

const TABS = ["CONTACT", "PERSON", "COMPANY", "EVENT"] as const;

/** The fields of one's own: for all contacts, for persons, for companies, for events. */
export function FieldsPage() {
  const { t } = useTranslation("contactSettings");
  const client = useQueryClient();
  const [tab, setTab] = useState<(typeof TABS)[number]>("CONTACT");
  const [asked, setAsked] = useState<Asked>();
  const collection: FieldCollection = tab === "EVENT" ? "eventFields" : "contactFields";
  const fields = useQuery<Page<Field>>(dictionary(collection) as never);
  const close = () => setAsked(undefined);
  const refresh = () => {
    close();
    return client.invalidateQueries({ queryKey: keys.lists(collection) });
  };
  const order = useMutation({
    mutationFn: (names: string[]) => reorder(collection, mixed(fields.data?.records ?? [], names)),
    onError: tellError,
    onSettled: refresh,
  });
  return (
    <SettingsPage
      title={t("fields.title")}
      lead={t("fields.lead")}
      action={
        <Button leftSection={<IconPlus size={16} />} onClick={() => setAsked({ what: "save" })}>
          {t("fields.add")}
        </Button>
      }
    >
      <Tabs value={tab} onChange={(chosen) => setTab(TABS.find((known) => known === chosen) ?? "CONTACT")} mb="md">
        <Tabs.List>
          {TABS.map((known) => (
            <Tabs.Tab key={known} value={known}>
              {t(`fields.tab.${known}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      <Section title={t(`fields.tab.${tab}`)}>
        <Loaded query={fields}>
          {({ records }) => {
            const shown = records.filter(({ appliesTo = "EVENT" }) => appliesTo === tab);
            if (shown.length === 0) return <span className="quiet">{t("fields.nothing")}</span>;
            return (
              <OrderedList
                label={t("fields.title")}
                items={shown}
                titleOf={({ label }) => label}
                onOrder={order.mutate}
              >
                {(field) => (
                  <Row
                    field={field}
                    onEdit={() => setAsked({ what: "save", field })}
                    onDelete={() => setAsked({ what: "delete", field })}
                  />
                )}
              </OrderedList>
            );
          }}
        </Loaded>
      </Section>
      {asked?.what === "save" && (
        <FieldDialog
          {...{ collection, field: asked.field }}
          appliesTo={tab === "EVENT" ? undefined : tab}
          onDone={() => void refresh()}
          onClose={close}
        />
      )}
      {asked?.what === "delete" && (
        <ActDialog
          title={t("deleteTitle", { title: asked.field.label })}
          text={t(tab === "EVENT" ? "fields.deleteFromEvents" : "fields.deleteText", { count: usesOf(asked.field) })}
          action={t("delete")}
          danger
          run={() => deleteField(asked.field)}
          onDone={() => void refresh()}
          onClose={close}
        />
      )}
    </SettingsPage>
  );
}

/** The order of all fields when those of one tab are put into another: the others keep their places. */
function mixed(all: Field[], names: string[]) {
  const next = [...names];
  return all.map(({ name }) => (names.includes(name) ? (next.shift() ?? name) : name));
}

function Row({ field, onEdit, onDelete }: { field: Field; onEdit: () => void; onDelete: () => void }) {
  const { t } = useTranslation("contactSettings");
  const { label, kind } = field;
  const uses = usesOf(field);
  const filled = field.appliesTo ? "fields.filled" : "fields.filledOfEvents";
  return (
    <Group gap={8} wrap="nowrap">
      <div style={{ flex: 1, minWidth: 0 }}>
        <Text className="anywhere" fw={kind === "HEADING" ? 600 : undefined}>
          {label}
        </Text>
        <Text size="xs" className="quiet">
          {t(`fields.kind.${kind}`)}
          {uses > 0 && ` · ${t(filled, { count: uses })}`}
        </Text>
      </div>
      <ActionIcon variant="subtle" color="gray" aria-label={t("editOne", { title: label })} onClick={onEdit}>
        <IconPencil size={17} />
      </ActionIcon>
      <ActionIcon variant="subtle" color="gray" aria-label={t("deleteOne", { title: label })} onClick={onDelete}>
        <IconTrash size={17} />
      </ActionIcon>
    </Group>
  );
}
