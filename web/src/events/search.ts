import { oneOf, quoted, readListSearch, textIn, type ListSearch } from "../kit/listSearch";

export const STATES = ["OPEN", "CLOSED"] as const;

export type EventSearch = ListSearch & {
  state?: (typeof STATES)[number];
  tag?: string;
  /** The id of a contact that takes part. */
  participant?: string;
};

export function readEventSearch(raw: Record<string, unknown>): EventSearch {
  const participant = textIn(raw.participant);
  return {
    ...readListSearch(raw),
    state: oneOf(STATES, raw.state),
    tag: textIn(raw.tag),
    participant: participant && /^\d+$/.test(participant) ? participant : undefined,
  };
}

/** What the search asks of the API, in its filter language. */
export function eventFilter({ state, tag, participant }: EventSearch) {
  const parts = [];
  if (state) parts.push(`state = ${state}`);
  if (tag) parts.push(`tags:${quoted(tag)}`);
  if (participant) parts.push(`participants:"contacts/${participant}"`);
  return parts.join(" AND ");
}
