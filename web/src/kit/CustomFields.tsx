import { Checkbox, NativeSelect, Textarea, TextInput, Title } from "@mantine/core";
import type { FormErrors } from "@mantine/form";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { Custom, OwnField } from "../api/types";
import { DayInput } from "./DayInput";

type Props = { fields: OwnField[]; values: Custom; errors: FormErrors; onChange: (values: Custom) => void };

/** The fields of one's own, each as its kind asks. */
export function CustomFields({ fields, values, errors, onChange }: Props) {
  return fields.map((field) => (
    <Field
      key={field.name}
      field={field}
      value={values[field.name]}
      // The API names a value by its key: `custom["contactFields/4"]`.
      error={Object.entries(errors).find(([path]) => path.startsWith("custom") && path.includes(field.name))?.[1]}
      onChange={(value) => onChange({ ...values, [field.name]: value })}
    />
  ));
}

type FieldProps = {
  field: OwnField;
  value: string | boolean | undefined;
  error: ReactNode;
  onChange: (value: string | boolean) => void;
};

function Field({ field, value, error, onChange }: FieldProps) {
  const { t } = useTranslation("kit");
  const { label, kind, size, rows, mask, options } = field;
  const text = typeof value === "string" ? value : "";
  const width = { maxWidth: `${size || 40}ch`, minWidth: "min(100%, 22ch)" };
  switch (kind) {
    case "HEADING":
      return <Title order={3}>{label}</Title>;
    case "CHECKBOX":
      return (
        <Checkbox
          {...{ label, error }}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case "SELECT":
      return (
        <NativeSelect
          {...{ label, error }}
          data={[{ value: "", label: t("notChosen") }, ...options]}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case "DATE":
      return <DayInput {...{ label, error }} clearable value={text || null} onChange={(day) => onChange(day ?? "")} />;
    case "TEXTAREA":
      return (
        <Textarea
          {...{ label, error }}
          autosize
          minRows={rows || 2}
          maxRows={25}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    default:
      return (
        <TextInput
          {...{ label, error }}
          style={width}
          description={mask && t("mask", { mask })}
          autoComplete="off"
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}
