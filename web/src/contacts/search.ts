import dayjs from "dayjs";

import type { Kind, Sharing } from "../api/types";
import { oneOf, readListSearch, type ListSearch } from "../kit/listSearch";

export const KINDS = ["PERSON", "COMPANY"] as const satisfies Kind[];
export const SHARINGS = ["PRIVATE", "READ", "READ_WRITE"] as const satisfies Sharing[];
export const CREATED = ["today", "yesterday", "thisMonth", "lastMonth"] as const;

export type Created = (typeof CREATED)[number];

export type ContactSearch = ListSearch & { kind?: Kind; manager?: "me"; sharing?: Sharing; created?: Created };

export function readContactSearch(raw: Record<string, unknown>): ContactSearch {
  return {
    ...readListSearch(raw),
    kind: oneOf(KINDS, raw.kind),
    manager: oneOf(["me"] as const, raw.manager),
    sharing: oneOf(SHARINGS, raw.sharing),
    created: oneOf(CREATED, raw.created),
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
export function contactFilter({ kind, manager, sharing, created }: ContactSearch, me: string, now: Date): string {
  const parts = [];
  if (kind) parts.push(`kind = ${kind}`);
  if (manager) parts.push(`managers:"${me}"`);
  if (sharing) parts.push(`sharing = ${sharing}`);
  if (created) {
    const [from, to] = periodOf(created, now);
    parts.push(`create_time >= "${from.toISOString()}"`, `create_time < "${to.toISOString()}"`);
  }
  return parts.join(" AND ");
}
