import type { Event } from "../../api/types";

type Dated = Pick<Event, "state" | "startTime" | "endTime" | "guestCounts">;

const endOf = ({ startTime, endTime }: Dated) => endTime || startTime || "";

/** Whether nobody can come any more. */
export const isOver = (event: Dated) => event.state !== "OPEN" || Date.parse(endOf(event)) <= Date.now();

/** Whether guests may still come, at a time that is known. */
const isAhead = (event: Dated) => endOf(event) !== "" && !isOver(event);

/** How many guests know another time or place than the event has now, and can be told. */
export const outdatedOf = (event: Dated) => (isAhead(event) ? (event.guestCounts?.outdatedCount ?? 0) : 0);

/** How many guests come to an event, or may. */
export function expectedOf(event: Dated) {
  const { invitedCount = 0, declinedCount = 0 } = event.guestCounts ?? {};
  return isAhead(event) ? invitedCount - declinedCount : 0;
}
