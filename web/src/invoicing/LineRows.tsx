import { ActionIcon, Button, Fieldset, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { Invoice } from "../api/types";
import { formatMoney } from "../kit/money";
import type { InvoiceFormApi } from "./InvoiceFields";
import classes from "./invoicing.module.css";
import { LINE, valuesOf, type LineValues } from "./values";

type Props = { form: InvoiceFormApi; record?: Invoice };

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** What is to be paid for. Amounts are the API's: those of lines that were changed come back with saving. */
export function LineRows({ form, record }: Props) {
  const { t, i18n } = useTranslation("invoicing");
  const { lines, currencyCode } = form.getValues();
  const saved = record && record.currencyCode === currencyCode ? valuesOf(record).lines : [];
  const untouched = record !== undefined && same(lines, saved);
  const amountOf = (line: LineValues, index: number) =>
    same(line, saved[index]) ? formatMoney(record?.lines[index]?.amount, i18n.language) : "—";
  return (
    <Fieldset legend={t("field.lines")} variant="unstyled">
      <Stack gap={8}>
        <div className={classes.lineHead} aria-hidden>
          <span>{t("line.description")}</span>
          <span>{t("line.quantity")}</span>
          <span>{t("line.price")}</span>
          <span className={classes.amount}>{t("line.amount")}</span>
        </div>
        {lines.map((line, index) => (
          <Line key={index} form={form} index={index} amount={amountOf(line, index)} removable={lines.length > 1} />
        ))}
        <Group justify="space-between" align="flex-start">
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconPlus size={14} />}
            onClick={() => form.insertListItem("lines", LINE)}
          >
            {t("addLine")}
          </Button>
          <div style={{ textAlign: "right", marginLeft: "auto" }}>
            <Text component="div">
              {t("field.total")}:{" "}
              <span className={classes.total}>{untouched ? formatMoney(record.total, i18n.language) : "—"}</span>
            </Text>
            {!untouched && (
              <Text size="xs" className="quiet">
                {t("totalHint")}
              </Text>
            )}
          </div>
        </Group>
      </Stack>
    </Fieldset>
  );
}

type LineProps = { form: InvoiceFormApi; index: number; amount: string; removable: boolean };

function Line({ form, index, amount, removable }: LineProps) {
  const { t } = useTranslation("invoicing");
  const number = index + 1;
  return (
    <div className={classes.line} role="group" aria-label={t("line.numbered", { number })}>
      <TextInput
        aria-label={t("line.description")}
        placeholder={t("line.description")}
        autoComplete="off"
        {...form.getInputProps(`lines.${index}.description`)}
      />
      <TextInput
        aria-label={t("line.quantity")}
        inputMode="decimal"
        autoComplete="off"
        {...form.getInputProps(`lines.${index}.quantity`)}
      />
      <TextInput
        aria-label={t("line.price")}
        placeholder={t("line.price")}
        inputMode="decimal"
        autoComplete="off"
        {...form.getInputProps(`lines.${index}.price`)}
      />
      <div className={classes.saved}>{amount}</div>
      <ActionIcon
        size={36}
        variant="subtle"
        color="gray"
        aria-label={t("line.remove", { number })}
        disabled={!removable}
        onClick={() => form.removeListItem("lines", index)}
      >
        <IconX size={17} />
      </ActionIcon>
    </div>
  );
}
