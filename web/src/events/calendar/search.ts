import { oneOf } from "../../kit/listSearch";
import { readEventSearch, type EventSearch } from "../search";

export const VIEWS = ["month", "week", "agenda"] as const;
export type View = (typeof VIEWS)[number];

/** What the calendar keeps in its address. */
export type CalendarSearch = Pick<EventSearch, "q" | "state" | "tag" | "participant" | "creator"> & {
  /** A month unless said otherwise. */
  view?: View;
  /** The day that is looked at; today unless said otherwise. */
  day?: string;
};

export const dayIn = (value: unknown) => (/^\d{4}-\d{2}-\d{2}$/.test(String(value)) ? String(value) : undefined);

export function readCalendarSearch(raw: Record<string, unknown>): CalendarSearch {
  const { q, state, tag, participant, creator } = readEventSearch(raw);
  const view = oneOf(VIEWS, raw.view);
  return { q, state, tag, participant, creator, view: view === "month" ? undefined : view, day: dayIn(raw.day) };
}
