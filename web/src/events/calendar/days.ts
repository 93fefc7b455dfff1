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

/** Where an event of one day stands: its minutes of the day, and in which of how many lanes beside each other. */
export type Placed<E> = { event: E; from: number; to: number; lane: number; lanes: number };

/** In minutes: what is shown of an event that is shorter, and how long one is that has no end. */
const SHORTEST = 30;
const USUAL = 60;

/** The events of one day by their hours; those at the same time stand beside each other. */
export function placed<E extends Timed>(events: E[]) {
  const found: Placed<E>[] = [];
  let together: Placed<E>[] = [];
  let ends: number[] = [];
  for (const event of events.toSorted((one, other) => ((one.startTime ?? "") < (other.startTime ?? "") ? -1 : 1))) {
    const { startTime = "", endTime } = event;
    const from = dayjs(startTime).hour() * 60 + dayjs(startTime).minute();
    const length = endTime && endTime > startTime ? dayjs(endTime).diff(startTime, "minute") : USUAL;
    const to = Math.min(24 * 60, from + Math.max(length, SHORTEST));
    if (together.every((other) => other.to <= from)) [together, ends] = [[], []];
    const free = ends.findIndex((end) => end <= from);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = to;
    const one = { event, from, to, lane, lanes: 0 };
    together.push(one);
    found.push(one);
    for (const other of together) other.lanes = ends.length;
  }
  return found;
}

/** The hours that are shown: those of a working day, and all in which anything is. */
export function hoursOf(events: Pick<Placed<unknown>, "from" | "to">[]) {
  const first = Math.min(8, ...events.map(({ from }) => Math.floor(from / 60)));
  const last = Math.max(20, ...events.map(({ to }) => Math.ceil(to / 60)));
  return Array.from({ length: last - first }, (_, index) => first + index);
}

/** When an event is after it was moved: by days at the same time of day, or by minutes. */
export function movedBy({ startTime = "", endTime }: Timed, days: number, minutes = 0) {
  const move = (instant: string) => dayjs(instant).add(days, "day").add(minutes, "minute").toISOString();
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
