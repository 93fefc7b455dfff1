import { ActionIcon, Button, Group, Tabs, Text } from "@mantine/core";
import { IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { dictionary, keys } from "../../api/queries";
import type { ContactField } from "../../api/types";
import { ActDialog } from "../../kit/ActDialog";
import { OrderedList } from "../../kit/OrderedList";
import { Section } from "../../kit/RecordPage";
import { Loaded, SettingsPage } from "../../kit/SettingsPage";
import { tellError } from "../../kit/toasts";
import { deleteField, reorder } from "./calls";
import { FieldDialog } from "./FieldDialog";

type AppliesTo = ContactField["appliesTo"];
type Asked = { what: "save"; field?: ContactField } | { what: "delete"; field: ContactField };

const TABS: AppliesTo[] = ["CONTACT", "PERSON", "COMPANY"];

/** The fields of one's own: for all contacts, for persons, for companies. */
export function FieldsPage() {
  const { t } = useTranslation("contactSettings");
  const client = useQueryClient();
  const [tab, setTab] = useState<AppliesTo>("CONTACT");
  const [asked, setAsked] = useState<Asked>();
  const fields = useQuery(dictionary("contactFields"));
  const close = () => setAsked(undefined);
  const refresh = () => {
    close();
    return client.invalidateQueries({ queryKey: keys.lists("contactFields") });
  };
  const order = useMutation({
    mutationFn: (names: string[]) => reorder("contactFields", mixed(fields.data?.records ?? [], names)),
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
            const shown = records.filter(({ appliesTo }) => appliesTo === tab);
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
        <FieldDialog field={asked.field} appliesTo={tab} onDone={() => void refresh()} onClose={close} />
      )}
      {asked?.what === "delete" && (
        <ActDialog
          title={t("deleteTitle", { title: asked.field.label })}
          text={t("fields.deleteText", { count: asked.field.contactCount })}
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
function mixed(all: ContactField[], names: string[]) {
  const next = [...names];
  return all.map(({ name }) => (names.includes(name) ? (next.shift() ?? name) : name));
}

function Row({ field, onEdit, onDelete }: { field: ContactField; onEdit: () => void; onDelete: () => void }) {
  const { t } = useTranslation("contactSettings");
  const { label, kind, contactCount } = field;
  return (
    <Group gap={8} wrap="nowrap">
      <div style={{ flex: 1, minWidth: 0 }}>
        <Text className="anywhere" fw={kind === "HEADING" ? 600 : undefined}>
          {label}
        </Text>
        <Text size="xs" className="quiet">
          {t(`fields.kind.${kind}`)}
          {contactCount > 0 && ` · ${t("fields.filled", { count: contactCount })}`}
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
