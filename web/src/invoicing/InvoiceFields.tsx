import { Button, Group, SimpleGrid, Stack, Text, Textarea, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Invoice } from "../api/types";
import { ContactPicker } from "../kit/ContactPicker";
import { CurrencySelect } from "../kit/CurrencySelect";
import { DayInput } from "../kit/DayInput";
import { addDays } from "../kit/days";
import { LineRows } from "./LineRows";
import type { InvoiceValues } from "./values";

export type InvoiceFormApi = UseFormReturnType<InvoiceValues>;

type Props = { form: InvoiceFormApi; record?: Invoice };

/** How many days after the issue date an invoice is usually due. */
const PRESETS = [0, 15, 30, 45] as const;

/** The fields of an invoice, in the guide's order. */
export function InvoiceFields({ form, record }: Props) {
  const { t } = useTranslation("invoicing");
  const { client } = form.getValues();
  const [title, setTitle] = useState({ name: record?.client, title: record?.clientDisplayName });
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput
          label={t("field.number")}
          description={record ? undefined : t("numberHint")}
          value={record?.number ?? "—"}
          readOnly
          variant="filled"
          inputWrapperOrder={["label", "input", "description"]}
        />
        <DayInput
          label={t("field.issueDate")}
          required
          {...form.getInputProps("issueDate")}
          onChange={(day) => form.setFieldValue("issueDate", day ?? "")}
        />
      </SimpleGrid>
      <ContactPicker
        label={t("field.client")}
        required
        value={client}
        title={client && title.name === client ? title.title : undefined}
        error={form.errors.client}
        onChange={(name, chosen) => {
          setTitle({ name, title: chosen?.displayName });
          form.setFieldValue("client", name);
          if (!record && chosen?.currency) form.setFieldValue("currencyCode", chosen.currency);
        }}
      />
      <DueDate form={form} />
      <CurrencySelect label={t("field.currencyCode")} maw={360} {...form.getInputProps("currencyCode")} />
      <LineRows form={form} record={record} />
      <Textarea
        label={t("field.notes")}
        description={t("notesHint")}
        autosize
        minRows={2}
        maxRows={10}
        {...form.getInputProps("notes")}
      />
    </Stack>
  );
}

function DueDate({ form }: { form: InvoiceFormApi }) {
  const { t } = useTranslation("invoicing");
  const { issueDate } = form.getValues();
  return (
    <Group align="flex-end" gap="xs">
      <DayInput
        label={t("field.dueDate")}
        required
        minDate={issueDate || undefined}
        {...form.getInputProps("dueDate")}
        onChange={(day) => form.setFieldValue("dueDate", day ?? "")}
      />
      <Group gap={4} role="group" aria-label={t("duePresets")}>
        {PRESETS.map((days) => (
          <Button
            key={days}
            variant="subtle"
            size="compact-sm"
            mb={5}
            disabled={!issueDate}
            onClick={() => form.setFieldValue("dueDate", addDays(issueDate, days))}
          >
            {days === 0 ? t("onReceipt") : t("days", { count: days })}
          </Button>
        ))}
      </Group>
      {!issueDate && <Text size="sm">{t("issueDateFirst")}</Text>}
    </Group>
  );
}
