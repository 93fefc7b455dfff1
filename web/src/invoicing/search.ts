import type { InvoiceState } from "../api/types";
import { oneOf, readListSearch, textIn, type ListSearch } from "../kit/listSearch";

export const STATES = ["DRAFT", "BILLED", "PAID", "REJECTED"] as const satisfies InvoiceState[];

export type InvoiceSearch = ListSearch & {
  state?: InvoiceState;
  /** The id of the contact whose invoices are meant. */
  client?: string;
};

export function readInvoiceSearch(raw: Record<string, unknown>): InvoiceSearch {
  return { ...readListSearch(raw), state: oneOf(STATES, raw.state), client: textIn(raw.client) };
}

/** What the search asks of the API, in its filter language. */
export function invoiceFilter({ state, client }: InvoiceSearch): string {
  const parts = [];
  if (state) parts.push(`state = ${state}`);
  if (client && /^\d+$/.test(client)) parts.push(`client = "contacts/${client}"`);
  return parts.join(" AND ");
}
