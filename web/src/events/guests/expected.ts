import type { Event } from "../../api/types";

type Dated = Pick<Event, "state" | "startTime" | "endTime" | "guestCounts">;

/** Whether guests may still come. */
function isAhead({ state, startTime, endTime }: Dated) {
  const end = endTime || startTime;
  return state === "OPEN" && Boolean(end) && Date.parse(end ?? "") > Date.now();
}

/** How many guests know another time or place than the event has now, and can be told. */
export const outdatedOf = (event: Dated) => (isAhead(event) ? (event.guestCounts?.outdatedCount ?? 0) : 0);

/** How many guests come to an event, or may. */
export function expectedOf(event: Dated) {
  const { invitedCount = 0, declinedCount = 0 } = event.guestCounts ?? {};
  return isAhead(event) ? invitedCount - declinedCount : 0;
}
