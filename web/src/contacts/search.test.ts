import { expect, test } from "vitest";

import { contactFilter, readContactSearch } from "./search";

const NOW = new Date(2026, 10, 23, 15, 30);
const instant = (...parts: [number, number, number]) => new Date(...parts).toISOString();

test("without choices nothing is filtered", () => {
  expect(contactFilter({}, "users/1", NOW)).toBe("");
});

test("all choices must hold", () => {
  const filter = contactFilter({ kind: "PERSON", manager: "me", sharing: "READ" }, "users/7", NOW);
  expect(filter).toBe('kind = PERSON AND managers:"users/7" AND sharing = READ');
});

test.each([
  ["today", instant(2026, 10, 23), instant(2026, 10, 24)],
  ["yesterday", instant(2026, 10, 22), instant(2026, 10, 23)],
  ["thisMonth", instant(2026, 10, 1), instant(2026, 11, 1)],
  ["lastMonth", instant(2026, 9, 1), instant(2026, 10, 1)],
] as const)("%s is meant in the reader's own time zone", (created, from, to) => {
  expect(contactFilter({ created }, "users/1", NOW)).toBe(`create_time >= "${from}" AND create_time < "${to}"`);
});

test("an address cannot smuggle anything into the filter", () => {
  const search = readContactSearch({ kind: 'PERSON" OR true', sharing: "ALL", created: "x", manager: "users/2" });
  expect(contactFilter(search, "users/1", NOW)).toBe("");
});

test("a company, a part of a field and contacts without a manager are asked for", () => {
  const search = readContactSearch({ company: "4", part: { "2": 'a"b' }, manager: "none" });
  const filter = 'NOT managers:* AND company = "contacts/4" AND custom.contactFields/2:"a\\"b"';
  expect(contactFilter(search, "users/1", NOW)).toBe(filter);
});
