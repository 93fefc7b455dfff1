import dayjs from "dayjs";

import type { Kind, Sharing } from "../api/types";
import { oneOf, quoted, readListSearch, textIn, type ListSearch } from "../kit/listSearch";

export const KINDS = ["PERSON", "COMPANY"] as const satisfies Kind[];
export const SHARINGS = ["PRIVATE", "READ", "READ_WRITE"] as const satisfies Sharing[];
export const CREATED = ["today", "yesterday", "thisMonth", "lastMonth"] as const;

export type Created = (typeof CREATED)[number];

export const SOURCES = ["MANUAL", "IMPORT", "FORM", "CALL"] as const;

export type ContactSearch = ListSearch & {
  kind?: Kind;
  /** `me`, `none`, or the id of a user. */
  manager?: string;
  sharing?: Sharing;
  created?: Created;
  /** Days of one's own choice: `2026-11-23`. */
  from?: string;
  to?: string;
  /** The ids of a contact type and a temperature level. */
  type?: string;
  temperature?: string;
  tag?: string;
  source?: (typeof SOURCES)[number];
  currency?: string;
  /** The id of the company that somebody works for. */
  company?: string;
  /** Of fields of one's own, by their ids: what stands in them, and what is a part of it. */
  own?: Record<string, string>;
  part?: Record<string, string>;
};

/** What of a search hides contacts. */
const HIDING = [
  ...(["q", "manager", "sharing", "created", "from", "to", "type", "temperature"] as const),
  ...(["tag", "source", "currency", "company", "own", "part"] as const),
];

export function isFiltered(search: ContactSearch) {
  return HIDING.some((key) => search[key] !== undefined);
}

export const UNFILTERED = Object.fromEntries(HIDING.map((key) => [key, undefined])) as Partial<ContactSearch>;

const dayIn = (value: unknown) => (/^\d{4}-\d{2}-\d{2}$/.test(String(value)) ? String(value) : undefined);
const idIn = (value: unknown) => (/^\d+$/.test(String(value)) ? String(value) : undefined);

/** Values by ids; an address may hold anything. */
function ownIn(value: unknown) {
  if (typeof value !== "object" || value === null) return undefined;
  const known = Object.entries(value).filter(([id, wanted]) => idIn(id) && textIn(wanted));
  return known.length > 0 ? Object.fromEntries(known.map(([id, wanted]) => [id, String(wanted)])) : undefined;
}

export function readContactSearch(raw: Record<string, unknown>): ContactSearch {
  return {
    ...readListSearch(raw),
    kind: oneOf(KINDS, raw.kind),
    manager: raw.manager === "me" || raw.manager === "none" ? raw.manager : idIn(raw.manager),
    sharing: oneOf(SHARINGS, raw.sharing),
    created: oneOf(CREATED, raw.created),
    from: dayIn(raw.from),
    to: dayIn(raw.to),
    type: idIn(raw.type),
    temperature: idIn(raw.temperature),
    tag: textIn(raw.tag),
    source: oneOf(SOURCES, raw.source),
    currency: textIn(raw.currency),
    company: idIn(raw.company),
    own: ownIn(raw.own),
    part: ownIn(raw.part),
  };
}

/** The first instant of a period in the reader's time zone, and the first one after it. */
function periodOf(created: Created, now: Date): [from: dayjs.Dayjs, to: dayjs.Dayjs] {
  const day = dayjs(now).startOf("day");
  const month = dayjs(now).startOf("month");
  switch (created) {
    case "today":
      return [day, day.add(1, "day")];
    case "yesterday":
      return [day.subtract(1, "day"), day];
    case "thisMonth":
      return [month, month.add(1, "month")];
    case "lastMonth":
      return [month.subtract(1, "month"), month];
  }
}

/** What the search asks of the API, in its filter language. */
export function contactFilter(search: ContactSearch, me: string, now: Date): string {
  const { kind, manager, sharing, created, from, to, own = {}, part = {} } = search;
  const parts = [];
  if (kind) parts.push(`kind = ${kind}`);
  if (manager === "none") parts.push("NOT managers:*");
  else if (manager) parts.push(`managers:"${manager === "me" ? me : `users/${manager}`}"`);
  if (sharing) parts.push(`sharing = ${sharing}`);
  if (created) {
    const [begin, end] = periodOf(created, now);
    parts.push(`create_time >= "${begin.toISOString()}"`, `create_time < "${end.toISOString()}"`);
  }
  if (from) parts.push(`create_time >= "${dayjs(from).toISOString()}"`);
  if (to) parts.push(`create_time < "${dayjs(to).add(1, "day").toISOString()}"`);
  if (search.type) parts.push(`type = "contactTypes/${search.type}"`);
  if (search.temperature) parts.push(`temperature = "temperatureLevels/${search.temperature}"`);
  if (search.tag) parts.push(`tags:${quoted(search.tag)}`);
  if (search.source) parts.push(`source = ${search.source}`);
  if (search.currency) parts.push(`currency = ${quoted(search.currency)}`);
  if (search.company) parts.push(`company = "contacts/${search.company}"`);
  for (const [id, value] of Object.entries(part)) parts.push(`custom.contactFields/${id}:${quoted(value)}`);
  for (const [id, value] of Object.entries(own))
    parts.push(`custom.contactFields/${id} = ${value === "true" ? value : quoted(value)}`);
  return parts.join(" AND ");
}
