import dayjs from "dayjs";
import { expect, test } from "vitest";

import {
  byDay,
  dayByKey,
  daysBetween,
  daysIn,
  hoursOf,
  movedBy,
  periodFilter,
  periodOf,
  placed,
  spanOf,
  stepped,
} from "./days";

const at = (moment: string) => dayjs(moment).toISOString();

test("a month is shown in whole weeks, from the first day of the week on", () => {
  expect(periodOf("month", "2026-11-23", 1)).toEqual({ first: "2026-10-26", days: 42 });
  expect(periodOf("month", "2026-11-23", 0)).toEqual({ first: "2026-11-01", days: 35 });
  expect(periodOf("month", "2027-02-10", 1)).toEqual({ first: "2027-02-01", days: 28 });
  expect(periodOf("week", "2026-11-29", 1).first).toBe("2026-11-23");
  expect(daysIn(periodOf("week", "2026-11-29", 6))[6]).toBe("2026-12-04");
});

test("going on from the end of a month leads to the next month", () => {
  expect(stepped("month", "2027-01-31", 1)).toBe("2027-02-28");
  expect(stepped("week", "2026-11-23", -1)).toBe("2026-11-16");
  expect(stepped("agenda", "2026-11-23", 1)).toBe("2026-12-23");
});

test("what began earlier and goes on is asked for too", () => {
  const [from, to] = [at("2026-11-23"), at("2026-11-30")];
  expect(periodFilter(periodOf("week", "2026-11-23", 1))).toBe(
    `startTime < "${to}" AND (startTime >= "${from}" OR endTime > "${from}")`,
  );
});

test("an event over several days is on each of them, but not on a day at whose midnight it ends", () => {
  const fair = { startTime: at("2026-11-23T09:00"), endTime: at("2026-11-25T00:00") };
  expect(spanOf(fair)).toEqual({ first: "2026-11-23", last: "2026-11-24" });
  const days = byDay([fair], ["2026-11-22", "2026-11-23", "2026-11-24", "2026-11-25"]);
  expect([...days.values()].map((events) => events.length)).toEqual([0, 1, 1, 0]);
  expect(spanOf({ startTime: at("2026-11-23T09:00") })).toEqual({ first: "2026-11-23", last: "2026-11-23" });
});

test("events at the same time stand beside each other, and those after them have the whole width again", () => {
  const event = (from: string, to?: string) => ({
    startTime: at(`2026-11-23T${from}`),
    endTime: to && at(`2026-11-23T${to}`),
  });
  const events = [event("09:00", "11:00"), event("10:00", "10:10"), event("10:30", "11:30"), event("14:00")];
  const shown = placed(events).map(({ from, to, lane, lanes }) => [from, to, lane, lanes]);
  expect(shown).toEqual([
    [540, 660, 0, 2],
    [600, 630, 1, 2],
    [630, 690, 1, 2],
    [840, 900, 0, 1],
  ]);
  expect(hoursOf(placed([...events, event("21:30", "23:00")])).at(-1)).toBe(22);
  expect(hoursOf([])).toEqual([8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
});

test("an event that is moved keeps its time of day and its length", () => {
  const moved = movedBy({ startTime: at("2026-03-28T10:00"), endTime: at("2026-03-28T12:00") }, 2);
  expect(moved).toEqual({ startTime: at("2026-03-30T10:00"), endTime: at("2026-03-30T12:00") });
  expect(movedBy({ startTime: at("2026-11-23T10:00") }, -1).endTime).toBeUndefined();
  expect(daysBetween("2026-10-24", "2026-10-26")).toBe(2);
});

test("the arrows lead from day to day and from week to week", () => {
  expect(dayByKey("ArrowLeft", "2026-12-01", 1)).toBe("2026-11-30");
  expect(dayByKey("ArrowDown", "2026-11-28", 1)).toBe("2026-12-05");
  expect(dayByKey("End", "2026-11-23", 1)).toBe("2026-11-29");
  expect(dayByKey("PageUp", "2026-03-31", 1)).toBe("2026-02-28");
  expect(dayByKey("Enter", "2026-11-23", 1)).toBeUndefined();
});
