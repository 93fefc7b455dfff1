import dayjs from "dayjs";

import type { AuditAction } from "../api/types";
import { parseDay } from "../kit/days";
import { oneOf, readListSearch, textIn, type ListSearch } from "../kit/listSearch";

export const ACTIONS = ["CREATED", "UPDATED", "DELETED", "OTHER"] as const satisfies AuditAction[];

export type AuditSearch = ListSearch & {
  actor?: string;
  resource?: string;
  action?: (typeof ACTIONS)[number];
  /** Days, both of them included: `2026-11-23`. */
  from?: string;
  to?: string;
};

/** A resource name and nothing else: an address may hold anything. */
const nameIn = (value: unknown) => {
  const text = textIn(value);
  return text && /^[A-Za-z]+(\/[\w-]+)*$/.test(text) ? text : undefined;
};

export function readAuditSearch(raw: Record<string, unknown>): AuditSearch {
  return {
    ...readListSearch(raw),
    actor: nameIn(raw.actor),
    resource: nameIn(raw.resource),
    action: oneOf(ACTIONS, raw.action),
    from: parseDay(String(raw.from)),
    to: parseDay(String(raw.to)),
  };
}

/** What the search asks of the API, in its filter language; days are meant in the reader's own time zone. */
export function auditFilter({ actor, resource, action, from, to }: AuditSearch) {
  const parts = [];
  if (actor) parts.push(`actor = "${actor}"`);
  if (resource) parts.push(`resource = "${resource}"`);
  if (action) parts.push(`action = ${action}`);
  if (from) parts.push(`time >= "${dayjs(from).toISOString()}"`);
  if (to) parts.push(`time < "${dayjs(to).add(1, "day").toISOString()}"`);
  return parts.join(" AND ");
}
