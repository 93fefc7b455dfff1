import { oneOf, quoted, readListSearch, textIn, type ListSearch } from "../kit/listSearch";

export const STATES = ["OPEN", "CLOSED", "CANCELLED"] as const;

export const PERIODS = ["upcoming", "past", "week", "month"] as const;

export type EventSearch = ListSearch & {
  state?: (typeof STATES)[number];
  tag?: string;
  /** The id of a contact that takes part. */
  participant?: string;
  /** The id of whoever made it. */
  creator?: string;
  /** When it is, seen from today. */
  period?: (typeof PERIODS)[number];
};

const idIn = (value: unknown) => (/^\d+$/.test(String(value)) ? String(value) : undefined);

export function readEventSearch(raw: Record<string, unknown>): EventSearch {
  return {
    ...readListSearch(raw),
    state: oneOf(STATES, raw.state),
    tag: textIn(raw.tag),
    participant: idIn(raw.participant),
    creator: idIn(raw.creator),
    period: oneOf(PERIODS, raw.period),
  };
}

/** What the search asks of the API, in its filter language. */
export function eventFilter({ state, tag, participant, creator }: EventSearch) {
  const parts = [];
  if (state) parts.push(`state = ${state}`);
  if (tag) parts.push(`tags:${quoted(tag)}`);
  if (participant) parts.push(`participants:"contacts/${participant}"`);
  if (creator) parts.push(`creator = "users/${creator}"`);
  return parts.join(" AND ");
}
