import dayjs from "dayjs";
import { afterEach, expect, test, vi } from "vitest";

import { whenFilter } from "./periods";

const at = (moment: string) => dayjs(moment).toISOString();

afterEach(() => vi.useRealTimers());

test("what goes on today is still to come, and what ended before is past", () => {
  vi.useFakeTimers({ now: new Date("2026-11-23T15:00:00") });
  const now = at("2026-11-23");
  expect(whenFilter("upcoming", 1)).toBe(`(startTime >= "${now}" OR endTime > "${now}")`);
  expect(whenFilter("past", 1)).toBe(`startTime < "${now}" AND (NOT endTime:* OR endTime <= "${now}")`);
  expect(whenFilter(undefined, 1)).toBe("");
});

test("this week and this month hold their days and no others", () => {
  vi.useFakeTimers({ now: new Date("2026-11-29T15:00:00") });
  expect(whenFilter("week", 1)).toContain(`startTime < "${at("2026-11-30")}" AND (startTime >= "${at("2026-11-23")}"`);
  expect(whenFilter("month", 1)).toContain(`startTime < "${at("2026-12-01")}" AND (startTime >= "${at("2026-11-01")}"`);
});
