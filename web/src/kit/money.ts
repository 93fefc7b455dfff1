import type { Money } from "../api/types";

const NANO_DIGITS = 9;

/** What invoices are usually made out in, the most used first. */
export const CURRENCIES = (
  "EUR USD RUB GBP CHF CNY JPY KZT BYN UAH GEL AMD AZN UZS KGS TRY AED SAR ILS INR " +
  "PLN CZK HUF RON BGN RSD SEK NOK DKK ISK CAD AUD NZD BRL MXN ZAR SGD HKD KRW THB VND IDR MYR KWD"
).split(" ");

/** The number in a Money as text: `12.5`. Text, because a JavaScript number would lose digits. */
export function decimalOf(money: Money): string {
  const nanos = money.nanos ?? 0;
  const negative = nanos < 0 || money.units.startsWith("-");
  const fraction = String(Math.abs(nanos)).padStart(NANO_DIGITS, "0").replace(/0+$/, "");
  const whole = money.units.replace("-", "") || "0";
  return `${negative ? "-" : ""}${whole}${fraction ? `.${fraction}` : ""}`;
}

/** How many digits a currency has after the point: 2 for EUR, 0 for JPY. */
export function minorDigits(currencyCode: string): number {
  return new Intl.NumberFormat("en", { style: "currency", currency: currencyCode }).resolvedOptions()
    .maximumFractionDigits as number;
}

/** The amount as it is typed: with all digits of the currency, without grouping. */
export function typedAmount(money: Money): string {
  const [whole = "0", fraction = ""] = decimalOf(money).split(".");
  const digits = minorDigits(money.currencyCode);
  return digits ? `${whole}.${fraction.padEnd(digits, "0")}` : whole;
}

/** Reads what a person typed (`1 234,56`) without ever calculating; undefined if it is not an amount. */
export function parseAmount(typed: string, currencyCode: string): Money | undefined {
  const match = /^(\d{1,15})(?:[.,](\d{1,9}))?$/.exec(typed.replace(/[\s\u00a0\u202f'’]/g, ""));
  if (!match) return undefined;
  const [, whole = "0", fraction = ""] = match;
  return { currencyCode, units: whole.replace(/^0+(?=\d)/, ""), nanos: Number(fraction.padEnd(NANO_DIGITS, "0")) };
}

/** The amount as people of that language write it: `1 234,56 €`. */
export function formatMoney(money: Money | undefined, language: string): string {
  if (!money?.currencyCode) return "";
  const format = new Intl.NumberFormat(language, { style: "currency", currency: money.currencyCode });
  return format.format(decimalOf(money) as Intl.StringNumericLiteral);
}

/** A quantity as people of that language write it: `1,5`. */
export function formatQuantity(quantity: string, language: string): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(quantity as Intl.StringNumericLiteral);
}
