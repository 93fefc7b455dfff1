import { ActionIcon, Anchor, Button, ColorInput, Group, Select, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { idOf } from "../../api/client";
import { dictionary, keys } from "../../api/queries";
import { ActDialog } from "../../kit/ActDialog";
import { CATEGORY_ICONS, type CategoryIcon } from "../../kit/history/icons";
import { OrderedList } from "../../kit/OrderedList";
import { Section } from "../../kit/RecordPage";
import { Loaded, SettingsPage } from "../../kit/SettingsPage";
import { tellError } from "../../kit/toasts";
import { Dot } from "../Titled";
import { deleteEntry, reorder, saveEntry, usesOf, type DictionaryName, type Entry, type EntryFields } from "./calls";
import { SpreadSection } from "./SettingsOfContacts";

const COLORS = ["#8a98d8", "#77cf9a", "#e0b44f", "#de7ba1", "#6fb9d6", "#c48be0", "#e08b5f", "#9aa5b1"];

/** What kinds of business partners there are. */
export function ContactTypesPage() {
  return <DictionaryPage collection="contactTypes" />;
}

/** How likely business with a contact may be. */
export function TemperatureLevelsPage() {
  return <DictionaryPage collection="temperatureLevels" />;
}

/** What an entry of the history may be about. */
export function HistoryCategoriesPage() {
  return <DictionaryPage collection="historyCategories" />;
}

/** Of what the records are counted that have an entry. */
const countedBy = (collection: DictionaryName) => (collection === "historyCategories" ? "entries" : "contacts");

type Asked = { what: "save"; entry?: Entry } | { what: "delete"; entry: Entry };

function DictionaryPage({ collection }: { collection: DictionaryName }) {
  const { t } = useTranslation("contactSettings");
  const client = useQueryClient();
  const [asked, setAsked] = useState<Asked>();
  const counted = countedBy(collection);
  const refresh = () => {
    setAsked(undefined);
    return client.invalidateQueries({ queryKey: keys.lists(collection) });
  };
  const order = useMutation({
    mutationFn: (names: string[]) => reorder(collection, names),
    onError: tellError,
    onSettled: refresh,
  });
  return (
    <SettingsPage
      title={t(`${collection}.title`)}
      lead={t(`${collection}.lead`)}
      action={
        <Button leftSection={<IconPlus size={16} />} onClick={() => setAsked({ what: "save" })}>
          {t(`${collection}.add`)}
        </Button>
      }
    >
      <Section title={t("order")}>
        <Loaded query={useQuery(dictionary(collection))}>
          {({ records }) => (
            <OrderedList
              label={t(`${collection}.title`)}
              items={records as Entry[]}
              titleOf={({ title }) => title}
              onOrder={order.mutate}
            >
              {(entry) => (
                <Row
                  entry={entry}
                  collection={collection}
                  onEdit={() => setAsked({ what: "save", entry })}
                  onDelete={() => setAsked({ what: "delete", entry })}
                />
              )}
            </OrderedList>
          )}
        </Loaded>
      </Section>
      {collection === "temperatureLevels" && <SpreadSection field="temperatureToRelated" />}
      {asked?.what === "save" && (
        <EntryDialog
          {...{ collection, entry: asked.entry }}
          onDone={() => void refresh()}
          onClose={() => setAsked(undefined)}
        />
      )}
      {asked?.what === "delete" && (
        <ActDialog
          title={t("deleteTitle", { title: asked.entry.title })}
          text={
            usesOf(asked.entry) > 0 ? t(`${counted}.inUse`, { count: usesOf(asked.entry) }) : t(`${counted}.deleteText`)
          }
          action={t("delete")}
          danger
          run={() => deleteEntry(asked.entry)}
          onDone={() => void refresh()}
          onClose={() => setAsked(undefined)}
        />
      )}
    </SettingsPage>
  );
}

type RowProps = { entry: Entry; collection: DictionaryName; onEdit: () => void; onDelete: () => void };

function Row({ entry, collection, onEdit, onDelete }: RowProps) {
  const { t } = useTranslation("contactSettings");
  const { name, title, color = "", icon } = entry;
  const uses = usesOf(entry);
  const filter = collection === "contactTypes" ? "type" : "temperature";
  const Icon = icon && CATEGORY_ICONS[icon];
  const count = t(`${countedBy(collection)}.count`, { count: uses });
  return (
    <Group gap={8} wrap="nowrap">
      {Icon ? <Icon size={18} stroke={1.5} aria-hidden /> : <Dot color={color} />}
      <span className="anywhere" style={{ flex: 1 }}>
        {title}
      </span>
      {uses > 0 &&
        (icon ? (
          <span className="quiet">{count}</span>
        ) : (
          <Anchor component={Link} to="/contacts" search={{ [filter]: idOf(name) } as never} size="sm">
            {count}
          </Anchor>
        ))}
      <ActionIcon variant="subtle" color="gray" aria-label={t("editOne", { title })} onClick={onEdit}>
        <IconPencil size={17} />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        color="gray"
        disabled={uses > 0}
        aria-label={t("deleteOne", { title })}
        onClick={onDelete}
      >
        <IconTrash size={17} />
      </ActionIcon>
    </Group>
  );
}

type DialogProps = { collection: DictionaryName; entry?: Entry; onDone: () => void; onClose: () => void };

function EntryDialog({ collection, entry, onDone, onClose }: DialogProps) {
  const { t } = useTranslation(["contactSettings", "errors", "kit"]);
  const pictured = collection === "historyCategories";
  const form = useForm<EntryFields>({
    initialValues: {
      title: entry?.title ?? "",
      ...(pictured ? { icon: entry?.icon ?? "NOTE" } : { color: entry?.color ?? COLORS[0] ?? "" }),
    },
    validate: { title: (value) => (value.trim() ? null : t("errors:required")) },
  });
  const used = entry !== undefined && usesOf(entry) > 0;
  return (
    <ActDialog
      title={entry ? t("editing", { title: entry.title }) : t(`${collection}.new`)}
      action={t("kit:form.save")}
      form={form}
      run={(values) => saveEntry(collection, entry, used ? { ...values, title: entry.title } : values)}
      onDone={onDone}
      onClose={onClose}
    >
      <TextInput
        label={t("field.title")}
        description={used ? t(`${countedBy(collection)}.usedTitle`) : undefined}
        required
        disabled={used}
        data-autofocus={used ? undefined : true}
        {...form.getInputProps("title")}
      />
      {pictured ? (
        <IconSelect value={form.getValues().icon ?? "NOTE"} onChange={(icon) => form.setFieldValue("icon", icon)} />
      ) : (
        <ColorInput
          label={t("field.color")}
          format="hex"
          swatches={COLORS}
          swatchesPerRow={8}
          withEyeDropper={false}
          {...form.getInputProps("color")}
          onChange={(color) => form.setFieldValue("color", color.toLowerCase())}
        />
      )}
    </ActDialog>
  );
}

const ICONS = Object.keys(CATEGORY_ICONS) as CategoryIcon[];

/** The picture of a category. */
function IconSelect({ value, onChange }: { value: CategoryIcon; onChange: (icon: CategoryIcon) => void }) {
  const { t } = useTranslation("contactSettings");
  const drawn = (icon: CategoryIcon) => {
    const Icon = CATEGORY_ICONS[icon];
    return <Icon size={18} stroke={1.5} aria-hidden />;
  };
  return (
    <Select
      label={t("field.icon")}
      allowDeselect={false}
      data={ICONS.map((icon) => ({ value: icon, label: t(`icon.${icon}`) }))}
      value={value}
      onChange={(icon) => icon && onChange(icon)}
      leftSection={drawn(value)}
      renderOption={({ option }) => (
        <Group gap={8}>
          {drawn(option.value)}
          {option.label}
        </Group>
      )}
    />
  );
}
