import { expect, test } from "vitest";

import { countsOf } from "./filters";

test("whoever was invited and said nothing is still waited for", () => {
  const guestCounts = { invitedCount: 10, acceptedCount: 4, declinedCount: 2, waitingCount: 1 };
  const counts = countsOf({
    participantCount: 12,
    guestCounts: { ...guestCounts, attendedCount: 3, absentCount: 0, outdatedCount: 0 },
  });
  expect(counts).toEqual({ all: 12, invited: 10, pending: 3, accepted: 4, declined: 2, waiting: 1, attended: 3 });
});

test("before anybody was invited all that is counted are those who take part", () => {
  expect(Object.values(countsOf({ participantCount: 2 }))).toEqual([2, 0, 0, 0, 0, 0, 0]);
});
