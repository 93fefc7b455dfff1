import type { FormErrors } from "@mantine/form";

import type { Invoice } from "../api/types";
import { i18n } from "../app/i18n";
import { addDays, today } from "../kit/days";
import { parseAmount, typedAmount } from "../kit/money";
import type { InvoiceBody } from "./calls";

/** A line as it is typed: the price is text until it is sent. */
export type LineValues = { description: string; quantity: string; price: string };

/** What the form of an invoice holds; named as in the API. */
export type InvoiceValues = Omit<InvoiceBody, "lines"> & { lines: LineValues[] };

/** In the order of the form. */
export const FIELDS: (keyof InvoiceValues)[] = ["issueDate", "client", "dueDate", "currencyCode", "notes", "lines"];

export const LINE: LineValues = { description: "", quantity: "1", price: "" };

export function blank(currencyCode: string, client = ""): InvoiceValues {
  const issueDate = today();
  return { client, issueDate, dueDate: addDays(issueDate, 30), currencyCode, lines: [LINE], notes: "" };
}

export function valuesOf(invoice: Invoice): InvoiceValues {
  const { client, issueDate, dueDate, currencyCode, notes } = invoice;
  const lines = invoice.lines.map(({ description, quantity, price }) => ({
    description,
    quantity,
    price: typedAmount(price),
  }));
  return { client, issueDate, dueDate, currencyCode, notes, lines };
}

/** Drops lines that were left empty, unless none would remain. */
export function tidy(values: InvoiceValues): InvoiceValues {
  const lines = values.lines
    .map((line) => ({ ...line, quantity: line.quantity.trim().replace(",", "."), price: line.price.trim() }))
    .filter(({ description, price }) => description.trim() || price);
  return { ...values, lines: lines.length > 0 ? lines : values.lines.slice(0, 1) };
}

function lineErrors({ description, quantity, price }: LineValues, currencyCode: string) {
  const errors: FormErrors = {};
  if (!description.trim()) errors.description = i18n.t("errors:required");
  if (!/^\d{1,8}([.,]\d{1,2})?$/.test(quantity.trim())) errors.quantity = i18n.t("invoicing:wrong.quantity");
  if (!parseAmount(price, currencyCode)) errors.price = i18n.t("invoicing:wrong.price");
  return errors;
}

/** What can be said without asking the API; it has the last word. */
export function validate(values: InvoiceValues): FormErrors {
  const errors: FormErrors = {};
  for (const field of ["client", "issueDate", "dueDate"] as const)
    if (!values[field]) errors[field] = i18n.t("errors:required");
  if (values.issueDate && values.dueDate && values.dueDate < values.issueDate)
    errors.dueDate = i18n.t("invoicing:wrong.dueDate");
  values.lines.forEach((line, index) => {
    for (const [field, text] of Object.entries(lineErrors(line, values.currencyCode)))
      errors[`lines.${index}.${field}`] = text;
  });
  return errors;
}

/** What is sent: prices as the API counts them. Whoever sends must have validated. */
export function bodyOf(values: InvoiceValues): InvoiceBody {
  const lines = values.lines.map(({ description, quantity, price }) => ({
    description,
    quantity: quantity.replace(",", "."),
    price: parseAmount(price, values.currencyCode) ?? { currencyCode: values.currencyCode, units: "0", nanos: 0 },
  }));
  return { ...values, lines };
}
