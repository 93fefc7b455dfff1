import dayjs from "dayjs";

import type { Event } from "../../api/types";
import { addDays } from "../../kit/days";
import type { View } from "./search";

/** The first day of the week: 0 is Sunday. */
export type WeekBegin = 0 | 1 | 6;

/** Days that are shown together, as `2026-11-23`. */
export type Period = { first: string; days: number };

const AGENDA = 30;
const ISO = "YYYY-MM-DD";

/** The day at which an instant is, where the reader is. */
export const dayAt = (instant: string) => dayjs(instant).format(ISO);

const weekOf = (day: string, begin: WeekBegin) => addDays(day, -((dayjs(day).day() - begin + 7) % 7));

/** How many days lie between two. */
export function daysBetween(from: string, to: string) {
  // By the middle of the day, so that a night of 23 or 25 hours counts as one.
  return Math.round(dayjs(`${to}T12:00`).diff(dayjs(`${from}T12:00`), "day", true));
}

/** What is seen at once: whole weeks, or the days from one on. */
export function periodOf(view: View, day: string, begin: WeekBegin): Period {
  if (view === "agenda") return { first: day, days: AGENDA };
  if (view === "week") return { first: weekOf(day, begin), days: 7 };
  const first = weekOf(dayjs(day).startOf("month").format(ISO), begin);
  const last = weekOf(dayjs(day).endOf("month").format(ISO), begin);
  return { first, days: daysBetween(first, last) + 7 };
}

export function daysIn({ first, days }: Period) {
  return Array.from({ length: days }, (_, index) => addDays(first, index));
}

/** The day to look at after going on, or back. */
export function stepped(view: View, day: string, by: 1 | -1) {
  if (view === "agenda") return addDays(day, by * AGENDA);
  if (view === "week") return addDays(day, by * 7);
  return dayjs(day).add(by, "month").format(ISO);
}

/** What the period asks of the API: also what began before it and goes on in it. */
export function periodFilter({ first, days }: Period) {
  const from = dayjs(first).toISOString();
  const to = dayjs(addDays(first, days)).toISOString();
  return `startTime < "${to}" AND (startTime >= "${from}" OR endTime > "${from}")`;
}

type Timed = Pick<Event, "startTime" | "endTime">;

/** The first and the last day of an event; one that ends at midnight does not reach into the next day. */
export function spanOf({ startTime = "", endTime }: Timed) {
  const first = dayAt(startTime);
  if (!endTime || endTime <= startTime) return { first, last: first };
  return { first, last: dayjs(endTime).subtract(1, "millisecond").format(ISO) };
}

/** The events of each day, in their order; an event over several days is on each of them. */
export function byDay<E extends Timed>(events: E[], days: string[]) {
  const found = new Map<string, E[]>(days.map((day) => [day, []]));
  for (const event of events) {
    const { first, last } = spanOf(event);
    for (const day of days) if (first <= day && day <= last) found.get(day)?.push(event);
  }
  return found;
}

/** When an event is after it was moved by some days: at the same time of day. */
export function movedBy({ startTime = "", endTime }: Timed, days: number) {
  const move = (instant: string) => dayjs(instant).add(days, "day").toISOString();
  return { startTime: move(startTime), endTime: endTime ? move(endTime) : undefined };
}

/** Where the arrows lead from a day; nothing for other keys. */
export function dayByKey(key: string, day: string, begin: WeekBegin) {
  switch (key) {
    case "ArrowLeft":
      return addDays(day, -1);
    case "ArrowRight":
      return addDays(day, 1);
    case "ArrowUp":
      return addDays(day, -7);
    case "ArrowDown":
      return addDays(day, 7);
    case "Home":
      return weekOf(day, begin);
    case "End":
      return addDays(weekOf(day, begin), 6);
    case "PageUp":
      return stepped("month", day, -1);
    case "PageDown":
      return stepped("month", day, 1);
    default:
      return undefined;
  }
}
