import { NativeSelect, NumberInput, Text, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { dictionary } from "../../api/queries";
import { ActDialog } from "../../kit/ActDialog";
import { saveField, usesOf, type Field, type FieldCollection } from "./calls";

const KINDS = ["TEXT", "TEXTAREA", "SELECT", "CHECKBOX", "HEADING", "DATE"] as const;

type Props = {
  collection: FieldCollection;
  field?: Field;
  /** To which contacts a new field applies. */
  appliesTo?: Field["appliesTo"];
  onDone: () => void;
  onClose: () => void;
};

const linesOf = (text: string) => [...new Set(text.split("\n").map((line) => line.trim()))].filter(Boolean);

/** Adds a field, or changes one; what values depend on stays while there are any. */
export function FieldDialog({ collection, field, appliesTo, onDone, onClose }: Props) {
  const { t } = useTranslation(["contactSettings", "errors", "kit"]);
  const used = field !== undefined && usesOf(field) > 0;
  const form = useForm({
    initialValues: {
      label: field?.label ?? "",
      kind: field?.kind ?? "TEXT",
      size: field?.size || 40,
      rows: field?.rows || 2,
      mask: field?.mask ?? "",
      options: (field?.options ?? []).join("\n"),
    },
    validate: {
      label: (value) => (value.trim() ? null : t("errors:required")),
      options: (value, { kind }) => (kind === "SELECT" && linesOf(value).length === 0 ? t("errors:required") : null),
    },
  });
  const { kind } = form.getValues();
  const save = ({ size, rows, mask, options, ...shared }: ReturnType<typeof form.getValues>) =>
    saveField(collection, field, {
      ...shared,
      ...(appliesTo && { appliesTo: field?.appliesTo ?? appliesTo }),
      size: kind === "TEXT" || kind === "TEXTAREA" ? size : 0,
      rows: kind === "TEXTAREA" ? rows : 0,
      mask: kind === "TEXT" ? mask : "",
      options: kind === "SELECT" ? linesOf(options) : [],
    });
  return (
    <ActDialog
      title={field ? t("editing", { title: field.label }) : t("fields.new")}
      text={used ? t(collection === "eventFields" ? "fields.usedByEvents" : "fields.used") : undefined}
      action={t("kit:form.save")}
      form={form}
      run={save}
      onDone={onDone}
      onClose={onClose}
    >
      <TextInput label={t("fields.label")} required data-autofocus {...form.getInputProps("label")} />
      <SameLabel collection={collection} field={field} label={form.getValues().label} />
      <NativeSelect
        label={t("fields.kindOf")}
        disabled={used}
        data={KINDS.map((value) => ({ value, label: t(`fields.kind.${value}`) }))}
        {...form.getInputProps("kind")}
      />
      {kind === "SELECT" && (
        <Textarea
          label={t("fields.options")}
          description={t("fields.optionsHint")}
          required
          autosize
          minRows={3}
          maxRows={12}
          {...form.getInputProps("options")}
        />
      )}
      {(kind === "TEXT" || kind === "TEXTAREA") && (
        <NumberInput label={t("fields.size")} min={1} max={150} {...form.getInputProps("size")} />
      )}
      {kind === "TEXTAREA" && <NumberInput label={t("fields.rows")} min={1} max={25} {...form.getInputProps("rows")} />}
      {kind === "TEXT" && (
        <TextInput
          label={t("fields.mask")}
          description={t("fields.maskHint")}
          disabled={used}
          {...form.getInputProps("mask")}
        />
      )}
    </ActDialog>
  );
}

const plain = (label: string) => label.trim().toLowerCase();

/** Says, while one types, that there is a field of this name already; there may be two. */
function SameLabel({ collection, field, label }: { collection: FieldCollection; field?: Field; label: string }) {
  const { t } = useTranslation("contactSettings");
  const fields = useQuery(dictionary(collection)).data?.records ?? [];
  const same = fields.find((other) => other.name !== field?.name && plain(other.label) === plain(label));
  return (
    <Text size="sm" role="status" mt={-8}>
      {same && t("fields.same", { tab: "appliesTo" in same ? t(`fields.tab.${same.appliesTo}`) : same.label })}
    </Text>
  );
}
