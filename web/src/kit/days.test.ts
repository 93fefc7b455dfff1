import { afterEach, expect, test } from "vitest";

import { addDays, formatDay, formatTime, parseDay, setDayFormat } from "./days";

afterEach(() => setDayFormat(""));

test.each([
  ["23/11/2026", "2026-11-23"],
  ["3/1/2027", "2027-01-03"],
  ["03.01.2027", "2027-01-03"],
  ["3/1/27", "2027-01-03"],
  ["2027-01-03", "2027-01-03"],
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

test.each([
  ["dd.MM.yyyy", "03.11.2026"],
  ["MM/dd/yyyy", "11/03/2026"],
  ["yyyy-MM-dd", "2026-11-03"],
])("where the portal writes days as %s, that is how they are shown and typed", (format, shown) => {
  setDayFormat(format);
  expect(formatDay("2026-11-03")).toBe(shown);
  expect(parseDay(shown)).toBe("2026-11-03");
  expect(formatTime("2026-11-03T10:00:00")).toBe(`${shown} 10:00`);
});
