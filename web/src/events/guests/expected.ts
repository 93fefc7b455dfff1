import type { Event } from "../../api/types";

type Dated = Pick<Event, "state" | "startTime" | "endTime" | "guestCounts">;

const endOf = ({ startTime, endTime }: Dated) => endTime || startTime || "";

/** Whether nobody can come any more. */
export const isOver = (event: Dated) => event.state !== "OPEN" || Date.parse(endOf(event)) <= Date.now();

/** Whether guests may still come, at a time that is known. */
const isAhead = (event: Dated) => endOf(event) !== "" && !isOver(event);

/** How many guests do not know what became of an event, and can be told. */
export function outdatedOf(event: Dated) {
  const news = isAhead({ ...event, state: event.state === "CANCELLED" ? "OPEN" : event.state });
  return news ? (event.guestCounts?.outdatedCount ?? 0) : 0;
}

/** How many guests come to an event, or may, and do not know that it is called off. */
export function expectedOf(event: Dated) {
  if (event.state === "CANCELLED") return outdatedOf(event);
  const { invitedCount = 0, declinedCount = 0 } = event.guestCounts ?? {};
  return isAhead(event) ? invitedCount - declinedCount : 0;
}
