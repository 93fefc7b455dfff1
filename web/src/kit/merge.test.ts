import { expect, test } from "vitest";

import { changedFields, differences, merged } from "./merge";

const FIELDS = ["title", "city", "phones"] as const;
const base = { title: "Director", city: "Basel", phones: [{ value: "1" }] };
const compare = (mine: typeof base, theirs: typeof base) => differences(base, mine, theirs, [...FIELDS]);

test("only the fields that differ were changed, whatever their depth", () => {
  expect(changedFields(base, { ...base, phones: [{ value: "2" }] }, [...FIELDS])).toEqual(["phones"]);
});

test("a field that both changed is contested", () => {
  expect(compare({ ...base, city: "Bern" }, { ...base, city: "Zug" })).toEqual([
    { field: "city", theirs: "Zug", mine: "Bern", contested: true },
  ]);
});

test("a field that only they changed, or both to the same, is not", () => {
  const theirs = { ...base, city: "Zug", title: "Owner" };
  expect(compare({ ...base, title: "Owner" }, theirs).map(({ contested }) => contested)).toEqual([false, false]);
});

test("their changes to other fields are taken, ours stay where we did not give way", () => {
  const mine = { ...base, city: "Bern" };
  const theirs = { ...base, city: "Zug", title: "Owner" };
  expect(merged(base, mine, theirs, [...FIELDS], [])).toEqual({ ...base, city: "Bern", title: "Owner" });
  expect(merged(base, mine, theirs, [...FIELDS], ["city"])).toEqual({ ...base, city: "Zug", title: "Owner" });
});
