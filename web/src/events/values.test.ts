import { expect, test } from "vitest";

import { blank, bodyOf, endAfter, tidy, validate } from "./values";

const MORNING = "2026-11-23T09:00:00.000Z";
const EVENING = "2026-11-23T18:00:00.000Z";

test("an event is called something, and ends after it begins", () => {
  expect(Object.keys(validate(blank([])))).toEqual(["title"]);
  expect(Object.keys(validate({ ...blank([]), title: "Семинар", endTime: EVENING }))).toEqual(["startTime"]);
  expect(Object.keys(validate({ ...blank([]), title: "Семинар", startTime: EVENING, endTime: MORNING }))).toEqual([
    "endTime",
  ]);
});

test("whoever may see a restricted event is forgotten when it is open to all again", () => {
  const values = { ...blank([]), access: { isPrivate: false, readers: ["users/3"] } };
  expect(tidy(values).access.readers).toEqual([]);
});

test("a time that is not said is sent as none", () => {
  expect(bodyOf(blank([]), ["startTime", "place"])).toEqual({ startTime: null, place: "" });
});

test("an event that begins at another time lasts as long as before", () => {
  expect(endAfter(EVENING, { startTime: MORNING, endTime: EVENING })).toBe("2026-11-24T03:00:00.000Z");
  expect(endAfter(EVENING, { startTime: MORNING, endTime: "" })).toBe("");
  expect(endAfter("", { startTime: MORNING, endTime: EVENING })).toBe(EVENING);
  expect(endAfter(MORNING, { startTime: "", endTime: EVENING })).toBe(EVENING);
});
