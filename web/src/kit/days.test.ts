import { expect, test } from "vitest";

import { addDays, formatDay, parseDay } from "./days";

test.each([
  ["23/11/2026", "2026-11-23"],
  ["3/1/2027", "2027-01-03"],
  ["03.01.2027", "2027-01-03"],
  ["3/1/27", "2027-01-03"],
])("%s is a day", (typed, day) => {
  expect(parseDay(typed)).toBe(day);
});

test.each(["31/02/2026", "11/23/2026", "tomorrow", "", "2026"])("%j is none", (typed) => {
  expect(parseDay(typed)).toBeUndefined();
});

test("a day is shown as dd/mm/yyyy", () => {
  expect(formatDay("2026-11-23")).toBe("23/11/2026");
  expect(formatDay("")).toBe("");
});

test("days are counted over the end of a month and of a year", () => {
  expect(addDays("2026-11-23", 45)).toBe("2027-01-07");
});
