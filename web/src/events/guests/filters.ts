import type { Event } from "../../api/types";

export const SHARES = ["all", "invited", "pending", "accepted", "declined", "waiting", "attended"] as const;
/** Which of those who take part are looked at. */
export type Share = (typeof SHARES)[number];

/** What of it is asked of the API. */
export const FILTERS: Record<Share, string> = {
  all: "",
  invited: "response != RESPONSE_UNSPECIFIED",
  pending: "response = PENDING",
  accepted: "response = ACCEPTED",
  declined: "response = DECLINED",
  waiting: "response = WAITING",
  attended: "attendance = ATTENDED",
};

/** How many there are of each. */
export function countsOf({ participantCount, guestCounts }: Pick<Event, "participantCount" | "guestCounts">) {
  const {
    invitedCount = 0,
    acceptedCount = 0,
    declinedCount = 0,
    waitingCount = 0,
    attendedCount = 0,
  } = guestCounts ?? {};
  return {
    all: participantCount,
    invited: invitedCount,
    pending: Math.max(0, invitedCount - acceptedCount - declinedCount - waitingCount),
    accepted: acceptedCount,
    declined: declinedCount,
    waiting: waitingCount,
    attended: attendedCount,
  } satisfies Record<Share, number>;
}
