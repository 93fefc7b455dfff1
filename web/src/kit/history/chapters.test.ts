import { expect, test } from "vitest";

import type { HistoryEntry } from "../../api/types";
import { chaptersOf } from "./chapters";

const entry = (name: string, minute: number, more: Partial<HistoryEntry> = {}) =>
  ({
    name,
    kind: "FILE_ADDED",
    subject: "contacts/17",
    creator: "users/1",
    values: {},
    pinned: false,
    time: new Date(2026, 10, 23, 12, -minute).toISOString(),
    ...more,
  }) as HistoryEntry;

const told = (entries: HistoryEntry[]) =>
  chaptersOf(entries).map(({ day, lines }) => [day, lines.map((line) => line.map(({ name }) => name).join(" "))]);

test("entries stand under their days, pinned ones above all of them", () => {
  const entries = [entry("old", 5000, { pinned: true }), entry("new", 0), entry("yesterday", 1440)];
  expect(told(entries)).toEqual([
    ["", ["old"]],
    ["2026-11-23", ["new"]],
    ["2026-11-22", ["yesterday"]],
  ]);
});

test("what one person did several times within minutes is one line", () => {
  const many = [0, 1, 2, 9].map((minute) => entry(`${minute}`, minute));
  expect(told(many)).toEqual([["2026-11-23", ["0 1 2 9"]]]);
  expect(told(many.slice(0, 2))).toEqual([["2026-11-23", ["0", "1"]]]);
});

test("another person, another record, a long pause and a note part what is alike", () => {
  for (const other of [{ creator: "users/2" }, { subject: "contacts/18" }, { kind: "NOTE" as const }]) {
    const entries = [entry("0", 0), entry("1", 1), entry("other", 2, other), entry("3", 3), entry("4", 4)];
    expect(told(entries)).toEqual([["2026-11-23", ["0", "1", "other", "3", "4"]]]);
  }
  const late = [entry("0", 0), entry("1", 1), entry("30", 30), entry("31", 31)];
  expect(told(late)).toEqual([["2026-11-23", ["0", "1", "30", "31"]]]);
});
