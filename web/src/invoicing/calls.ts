import { answer, api, idOf } from "../api/client";
import type { Invoice, Money } from "../api/types";

/** What of an invoice is written; the rest is the API's to say. */
export type InvoiceBody = {
  client: string;
  issueDate: string;
  dueDate: string;
  currencyCode: string;
  lines: { description: string; quantity: string; price: Money }[];
  notes: string;
};

export function createInvoice(body: InvoiceBody, submission: string) {
  const headers = { "Idempotency-Key": submission };
  return answer<Invoice>(api.POST("/v1/invoices", { body, headers }));
}

export function updateInvoice(invoice: Invoice, changes: Partial<InvoiceBody>) {
  const path = { invoice: idOf(invoice.name) };
  const body = { ...changes, etag: invoice.etag };
  return answer<Invoice>(api.PATCH("/v1/invoices/{invoice}", { params: { path }, body }));
}

export function deleteInvoice(invoice: Invoice) {
  const params = { path: { invoice: idOf(invoice.name) }, query: { etag: invoice.etag } };
  return answer(api.DELETE("/v1/invoices/{invoice}", { params }));
}
