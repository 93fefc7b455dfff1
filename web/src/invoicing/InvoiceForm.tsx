import { Skeleton } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch, type NavigateOptions } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { idOf } from "../api/client";
import { contactNamed, invoiceNamed, portal } from "../api/queries";
import type { Invoice } from "../api/types";
import { formatDay } from "../kit/days";
import { PageUnavailable } from "../kit/EmptyState";
import { FormPage } from "../kit/FormPage";
import { useRecordForm } from "../kit/recordForm";
import { tell } from "../kit/toasts";
import { createInvoice, updateInvoice } from "./calls";
import { InvoiceFields } from "./InvoiceFields";
import { blank, bodyOf, FIELDS, tidy, validate, valuesOf, type InvoiceValues, type LineValues } from "./values";

/** The page where an invoice is made. */
export function NewInvoice() {
  const { client } = useSearch({ from: "/frame/invoices/new" });
  const { data, error, refetch } = useQuery(portal);
  const contact = useQuery({ ...contactNamed(`contacts/${client ?? ""}`), enabled: client !== undefined });
  const currency = contact.data?.currency || data?.currencyCode;
  if (currency && (!client || contact.data || contact.error))
    return <Form key={client ?? ""} currency={currency} client={client && `contacts/${client}`} />;
  if (error) return <PageUnavailable error={error} onRetry={() => void refetch()} />;
  return <Skeleton height={420} m="lg" maw={820} />;
}

/** The page where a draft is changed. */
export function EditInvoice() {
  const { id } = useParams({ from: "/frame/invoices/$id/edit" });
  const { data: invoice, error, refetch } = useQuery(invoiceNamed(`invoices/${id}`));
  if (invoice) return <Form key={id} currency={invoice.currencyCode} record={invoice} lookError={error} />;
  if (error) return <PageUnavailable error={error} onRetry={() => void refetch()} />;
  return <Skeleton height={420} m="lg" maw={820} />;
}

type Props = { currency: string; client?: string; record?: Invoice; lookError?: Error | null };

/** Prices are in the invoice's currency: if that changes, so do they. */
function changesOf(values: InvoiceValues, changed: (keyof InvoiceValues)[]) {
  const body = bodyOf(values);
  const sent = changed.includes("currencyCode") ? [...changed, "lines" as const] : changed;
  return Object.fromEntries(sent.map((field) => [field, body[field]]));
}

function Form({ currency, client: contact, record, lookError }: Props) {
  const { t } = useTranslation(["invoicing", "kit"]);
  const navigate = useNavigate();
  const client = useQueryClient();
  const form = useRecordForm<Invoice, InvoiceValues>({
    draftKey: record ? record.name : `invoices/new${contact ? `/${contact}` : ""}`,
    record,
    lookError,
    blank: blank(currency, contact),
    fields: FIELDS,
    ...{ valuesOf, validate, tidy },
    create: (values, submission) => createInvoice(bodyOf(values), submission),
    update: (from, values, changed) => updateInvoice(from, changesOf(values, changed)),
    fetchLatest: (name) => client.fetchQuery({ ...invoiceNamed(name), staleTime: 0 }),
    onSaved: (saved, another) => {
      tell(t(record ? "changed" : "added", { number: saved.number }));
      if (!another) void navigate(pageOf(saved));
    },
  });
  return (
    <FormPage
      title={record ? t("editing", { number: record.number }) : t("new")}
      record={form}
      save={record ? t("kit:form.saveChanges") : t("save")}
      another={record ? undefined : t("saveAndNew")}
      onCancel={() => void navigate(record ? pageOf(record) : { to: "/invoices" })}
      list="/invoices"
      labelOf={(field) => t(`field.${field}`)}
      show={(field, value) => <Shown field={field} value={value} />}
    >
      <InvoiceFields form={form.form} record={record} />
    </FormPage>
  );
}

/** The value of an invoice's field as a person reads it. */
function Shown({ field, value }: { field: keyof InvoiceValues; value: unknown }) {
  const contact = useQuery({ ...contactNamed(String(value)), enabled: field === "client" });
  if (field === "client") return <>{contact.data?.displayName ?? ""}</>;
  if (field === "issueDate" || field === "dueDate") return <>{formatDay(value as string)}</>;
  if (field !== "lines") return <>{value}</>;
  const lines = value as LineValues[];
  return <>{lines.map((line) => `${line.description}: ${line.quantity} × ${line.price}`).join("\n")}</>;
}

function pageOf(invoice: Invoice): NavigateOptions {
  return { to: "/invoices/$id", params: { id: idOf(invoice.name) } };
}
