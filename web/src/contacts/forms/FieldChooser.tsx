import { ActionIcon, Checkbox, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { ContactForm, Kind } from "../../api/types";
import { OrderedList } from "../../kit/OrderedList";
import { useFields } from "./fieldNames";

type Fields = ContactForm["fields"];
type Props = { kind: Kind; value: Fields; onChange: (fields: Fields) => void; error?: React.ReactNode };

/** What no contact of a kind can do without. */
export const NEEDED: Record<Kind, string[]> = {
  PERSON: ["first_name", "last_name", "full_name"],
  COMPANY: ["company_name"],
};

/** Chooses what visitors are asked for, in which order and under which words. */
export function FieldChooser({ kind, value, onChange, error }: Props) {
  const { t } = useTranslation("forms");
  const { groups, labelOf } = useFields(kind);
  const change = (path: string, changes: Partial<Fields[number]>) =>
    onChange(value.map((each) => (each.field === path ? { ...each, ...changes } : each)));
  const order = (names: string[]) => onChange(names.flatMap((name) => value.filter(({ field }) => field === name)));
  const chosen = new Set(value.map(({ field }) => field));
  return (
    <Stack gap="sm">
      <OrderedList
        label={t("asked")}
        items={value.map((each) => ({ ...each, name: each.field }))}
        titleOf={({ field }) => labelOf(field)}
        onOrder={order}
      >
        {({ field, label, required }) => (
          <Group gap={8} wrap="wrap" align="center">
            <TextInput
              style={{ flex: "1 1 180px" }}
              aria-label={t("label", { field: labelOf(field) })}
              placeholder={labelOf(field)}
              value={label}
              maxLength={255}
              onChange={(event) => change(field, { label: event.currentTarget.value })}
            />
            <Checkbox
              label={t("required")}
              checked={required || NEEDED[kind].includes(field)}
              disabled={NEEDED[kind].includes(field)}
              onChange={(event) => change(field, { required: event.currentTarget.checked })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t("remove", { field: labelOf(field) })}
              onClick={() => onChange(value.filter((each) => each.field !== field))}
            >
              <IconTrash size={17} />
            </ActionIcon>
          </Group>
        )}
      </OrderedList>
      <Select
        label={t("add")}
        placeholder={t("addHint")}
        searchable
        nothingFoundMessage={t("noField")}
        value={null}
        data={groups.map(({ group, items }) => ({ group, items: items.filter((item) => !chosen.has(item.value)) }))}
        onChange={(path) => path && onChange([...value, { field: path, label: "", required: false }])}
      />
      {error && (
        <Text size="sm" c="red" role="alert">
          {error}
        </Text>
      )}
    </Stack>
  );
}
