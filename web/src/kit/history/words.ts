import type { HistoryEntry } from "../../api/types";
import { formatPeriod } from "../days";

export type Told = Exclude<HistoryEntry["kind"], "NOTE">;

/** What is told on the page of an event in other words than on that of a contact. */
const OF_BOTH: Told[] = [
  "PARTICIPANT_ADDED",
  "INVITATION_ACCEPTED",
  "INVITATION_DECLINED",
  "ATTENDED",
  "RECORD_CREATED",
];

/** Under which key its sentence stands. */
export function wordsOf({ subject, values }: Pick<HistoryEntry, "subject" | "values">, kind: Told) {
  const accepted = kind === "INVITATION_ACCEPTED" && values.waiting === "true" ? "INVITATION_WAITING" : kind;
  return OF_BOTH.includes(kind) && subject.startsWith("events/") ? `${accepted}_OF_EVENT` : accepted;
}

/** From where to where an event was moved, in place or in time. */
export function movingOf({ kind, values }: HistoryEntry) {
  if (kind !== "EVENT_RESCHEDULED") return [values.before, values.after];
  const { start_before: began = "", end_before: ended = "", start = "", end = "" } = values;
  return [formatPeriod(began, ended), formatPeriod(start, end)];
}
