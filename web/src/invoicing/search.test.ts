import { expect, test } from "vitest";

import { invoiceFilter } from "./search";

test("invoices are filtered by state and by client", () => {
  expect(invoiceFilter({ state: "DRAFT", client: "17" })).toBe('state = DRAFT AND client = "contacts/17"');
});

test("a client that is no number is no client", () => {
  expect(invoiceFilter({ client: '17" OR "' })).toBe("");
});
