import { MultiSelect } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { MOST, OFFERED, reminderOf } from "./reminders";

type Props = { value: number[]; error?: ReactNode; onChange: (minutes: number[]) => void };

/** How long before the beginning guests are reminded. */
export function RemindersInput({ value, error, onChange }: Props) {
  const { t } = useTranslation("events");
  const offered = [...new Set([...OFFERED, ...value])].sort((one, other) => one - other);
  return (
    <MultiSelect
      label={t("field.reminders")}
      description={t("remindersHint")}
      data={offered.map((minutes) => ({ value: String(minutes), label: reminderOf(minutes) }))}
      maxValues={MOST}
      error={error}
      value={value.map(String)}
      onChange={(chosen) => onChange(chosen.map(Number))}
    />
  );
}
