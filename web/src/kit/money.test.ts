import { describe, expect, test } from "vitest";

import { decimalOf, formatMoney, formatQuantity, parseAmount, typedAmount } from "./money";

const money = (units: string, nanos = 0, currencyCode = "EUR") => ({ currencyCode, units, nanos });
// Intl separates with no-break spaces of two widths; a reader does not see the difference.
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

describe("an amount is shown as people of the language write it", () => {
  test.each([
    ["ru", money("1234567", 500_000_000, "RUB"), "1 234 567,50 ₽"],
    ["en", money("1234567", 500_000_000), "€1,234,567.50"],
    ["en", money("1200", 0, "JPY"), "¥1,200"],
    ["en", money("-3", -250_000_000, "USD"), "-$3.25"],
  ])("%s", (language, amount, shown) => {
    expect(plain(formatMoney(amount, language))).toBe(shown);
  });

  test("with all its digits, however large", () => {
    expect(formatMoney(money("900719925474099312", 10_000_000), "en")).toBe("€900,719,925,474,099,312.01");
  });

  test("and as nothing where there is none", () => {
    expect(formatMoney(undefined, "en")).toBe("");
  });
});

describe("what was typed becomes an amount", () => {
  test.each([
    ["12", "12", 0],
    ["12.5", "12", 500_000_000],
    ["1 234,56", "1234", 560_000_000],
    ["007", "7", 0],
    ["0,01", "0", 10_000_000],
  ])("%s", (typed, units, nanos) => {
    expect(parseAmount(typed, "EUR")).toEqual({ currencyCode: "EUR", units, nanos });
  });

  test.each(["", "abc", "-5", "1.2.3", "12.", "1e3", "½"])("but not %j", (typed) => {
    expect(parseAmount(typed, "EUR")).toBeUndefined();
  });
});

test("an amount is offered for editing with the digits of its currency", () => {
  expect(typedAmount(money("12", 500_000_000))).toBe("12.50");
  expect(typedAmount(money("12", 0, "JPY"))).toBe("12");
  expect(decimalOf(money("0", 5_000_000))).toBe("0.005");
});

test("a quantity is shown without needless digits", () => {
  expect(formatQuantity("1.50", "ru")).toBe("1,5");
  expect(formatQuantity("2", "en")).toBe("2");
});
