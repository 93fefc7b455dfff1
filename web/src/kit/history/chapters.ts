import type { HistoryEntry } from "../../api/types";
import { dayOf } from "../days";
import { wordsOf } from "./words";

/** Entries that stand under one heading: a day, `2026-11-23`, or nothing for what is pinned. */
export type Chapter = { day: string; lines: HistoryEntry[][] };

/** What is told of several at once; of everything else each is worth a line of its own. */
export const FOLDED = [
  "FILE_ADDED",
  "INVOICE_CREATED",
  "CONTACT_MERGED",
  "PARTICIPANT_ADDED",
  "PARTICIPANT_ADDED_OF_EVENT",
  "INVITATION_ACCEPTED_OF_EVENT",
  "INVITATION_WAITING_OF_EVENT",
  "INVITATION_DECLINED_OF_EVENT",
  "ATTENDED_OF_EVENT",
] as const;

export type Folded = (typeof FOLDED)[number];

/** So many minutes may lie between two that are told together. */
const MINUTES = 10;
/** Fewer than so many take no more room than the line that tells of them. */
const FEWEST = 3;

/** Under which words an entry is told together with its like; none if it never is. */
export function foldedWords(entry: HistoryEntry): Folded | undefined {
  const words = entry.kind === "NOTE" ? undefined : wordsOf(entry, entry.kind);
  return FOLDED.find((each) => each === words);
}

/** Whether somebody did the same to the same record within minutes. */
function follows(before: HistoryEntry | undefined, entry: HistoryEntry) {
  if (!before) return false;
  const between = Math.abs(Date.parse(before.time ?? "") - Date.parse(entry.time ?? ""));
  const words = foldedWords(entry);
  const same = words === foldedWords(before) && before.creator === entry.creator && before.subject === entry.subject;
  return words !== undefined && same && between <= MINUTES * 60_000;
}

/** A history in chapters: what is pinned, then day by day; what is alike within minutes is one line. */
export function chaptersOf(entries: HistoryEntry[]): Chapter[] {
  const chapters: Chapter[] = [];
  for (const entry of entries) {
    const day = entry.pinned ? "" : dayOf(entry.time ?? "");
    let chapter = chapters.at(-1);
    if (chapter?.day !== day) chapters.push((chapter = { day, lines: [] }));
    const line = chapter.lines.at(-1);
    if (day && line && follows(line.at(-1), entry)) line.push(entry);
    else chapter.lines.push([entry]);
  }
  return chapters.map(({ day, lines }) => ({ day, lines: lines.flatMap(apart) }));
}

/** A line that is worth telling together, or a line for each. */
function apart(line: HistoryEntry[]) {
  return line.length < FEWEST ? line.map((entry) => [entry]) : [line];
}
