import { expect, test } from "vitest";

import { blank, bodyOf, tidy, validate } from "./values";

const invoice = {
  ...blank("EUR", "contacts/17"),
  lines: [{ description: "Advice", quantity: "1,5", price: "1 200,50" }],
};

test("an invoice is due thirty days after today unless said otherwise", () => {
  const { issueDate, dueDate } = blank("EUR");
  expect(Date.parse(dueDate) - Date.parse(issueDate)).toBe(30 * 24 * 60 * 60 * 1000);
});

test("prices are sent in the invoice's currency, and nothing is multiplied", () => {
  expect(bodyOf(invoice).lines).toEqual([
    { description: "Advice", quantity: "1.5", price: { currencyCode: "EUR", units: "1200", nanos: 500_000_000 } },
  ]);
});

test("every line needs a description, a quantity and a price", () => {
  const lines = [{ description: " ", quantity: "1.555", price: "much" }];
  expect(Object.keys(validate({ ...invoice, lines }))).toEqual([
    "lines.0.description",
    "lines.0.quantity",
    "lines.0.price",
  ]);
});

test("an invoice cannot be due before it is issued", () => {
  expect(validate({ ...invoice, issueDate: "2026-11-23", dueDate: "2026-11-22" })).toHaveProperty("dueDate");
});

test("empty lines are dropped, but one always remains", () => {
  const empty = { description: "", quantity: "1", price: "" };
  expect(tidy({ ...invoice, lines: [empty, ...invoice.lines] }).lines).toHaveLength(1);
  expect(tidy({ ...invoice, lines: [empty, empty] }).lines).toEqual([empty]);
});
