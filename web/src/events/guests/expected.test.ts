import { expect, test } from "vitest";

import type { Event } from "../../api/types";
import { expectedOf, outdatedOf } from "./expected";

const guestCounts = { invitedCount: 10, declinedCount: 2, outdatedCount: 3 } as Event["guestCounts"];
const ahead = { state: "OPEN", startTime: "2100-01-01T10:00:00Z", guestCounts } as Event;

test("who declined is not expected", () => {
  expect(expectedOf(ahead)).toBe(8);
  expect(outdatedOf(ahead)).toBe(3);
});

test.each([{ state: "CLOSED" }, { startTime: "2000-01-01T10:00:00Z" }, { startTime: undefined }])(
  "nobody is told of what is over, closed or has no time: %o",
  (more) => {
    const event = { ...ahead, ...more } as Event;
    expect(expectedOf(event)).toBe(0);
    expect(outdatedOf(event)).toBe(0);
  },
);

test("of what is called off those are told who do not know, until it would be over", () => {
  const off = { ...ahead, state: "CANCELLED" } as Event;
  expect([outdatedOf(off), expectedOf(off)]).toEqual([3, 3]);
  expect(outdatedOf({ ...off, startTime: "2000-01-01T10:00:00Z" })).toBe(0);
});

test("what began and still goes on is not over", () => {
  expect(expectedOf({ ...ahead, startTime: "2000-01-01T10:00:00Z", endTime: "2100-01-01T10:00:00Z" })).toBe(8);
});
