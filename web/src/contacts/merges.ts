import { answer, api, idOf } from "../api/client";
import type { Contact, ContactMerge, MergeConflict } from "../api/types";

export type Merged = { contact: Contact; merge?: ContactMerge; conflicts: MergeConflict[] };

/** Takes `source` into `target`, or only says what would differ. */
export function merge(target: Contact, source: Contact, take: string[], validateOnly: boolean) {
  const params = { path: { contact: idOf(target.name) } };
  const body = { source: source.name, take, etag: target.etag, sourceEtag: source.etag, validateOnly };
  return answer<Merged>(api.POST("/v1/contacts/{contact}:merge", { params, body }));
}

type Parted = { source?: Contact; target?: Contact; conflicts: MergeConflict[] };

/** Makes two of one again, or only says what was changed since. */
export function part(made: ContactMerge, take: string[], keep: string[], validateOnly: boolean) {
  const params = { path: { contact_merge: idOf(made.name) } };
  const body = { take, keep, validateOnly };
  return answer<Parted>(api.POST("/v1/contactMerges/{contact_merge}:undo", { params, body }));
}
