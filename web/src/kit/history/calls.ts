import { answer, api, idOf } from "../../api/client";
import type { HistoryEntry } from "../../api/types";

type Named = Pick<HistoryEntry, "name">;

/** What a person says of what happened; `time` is empty for now. */
export type Note = { category: string; time: string; text: string; notify: string[] };

/** Under which name an entry is kept that is not saved yet. */
export const draftOf = (subject: string) => `history/${subject}`;

const at = ({ name }: Named) => ({ path: { history_entry: idOf(name) } });

export function writeDown(subject: string, { time, ...note }: Note, files: string[], submission: string) {
  const body = { subject, ...note, files, ...(time && { time }) };
  return answer<HistoryEntry>(api.POST("/v1/historyEntries", { body, headers: { "Idempotency-Key": submission } }));
}

export function rewrite(entry: HistoryEntry, { category, time, text }: Note, files: string[]) {
  const body = { category, text, files, ...(time && { time }), etag: entry.etag };
  return answer<HistoryEntry>(api.PATCH("/v1/historyEntries/{history_entry}", { params: at(entry), body }));
}

export function remove(entry: Named) {
  return answer(api.DELETE("/v1/historyEntries/{history_entry}", { params: at(entry) }));
}

export function pin(entry: Named, pinned: boolean) {
  const options = { params: at(entry), body: { pinned } };
  return answer<HistoryEntry>(api.POST("/v1/historyEntries/{history_entry}:pin", options));
}
