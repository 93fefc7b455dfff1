import type { Event } from "../../api/types";

type Dated = Pick<Event, "state" | "startTime" | "endTime" | "guestCounts">;

const endOf = ({ startTime, endTime }: Dated) => Date.parse(endTime || startTime || "");

/** Whether nobody can come any more. */
export const isOver = (event: Dated) => event.state !== "OPEN" || endOf(event) <= Date.now();

/** Whether its time is known, and not over. */
const isAhead = (event: Dated) => endOf(event) > Date.now();

/** How many guests do not know what became of an event, and can be told. */
export const outdatedOf = (event: Dated) =>
  event.state !== "CLOSED" && isAhead(event) ? (event.guestCounts?.outdatedCount ?? 0) : 0;

/** How many guests come to an event, or may, and do not know that it is called off. */
export function expectedOf(event: Dated) {
  if (event.state === "CANCELLED") return outdatedOf(event);
  const { invitedCount = 0, declinedCount = 0 } = event.guestCounts ?? {};
  return event.state === "OPEN" && isAhead(event) ? invitedCount - declinedCount : 0;
}
