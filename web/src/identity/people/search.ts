import type { Role, UserState } from "../../api/types";
import { oneOf, readListSearch, type ListSearch } from "../../kit/listSearch";

export const STATES = ["ACTIVE", "INVITED", "DISABLED"] as const satisfies UserState[];
export const ROLES = ["OWNER", "PORTAL_ADMIN", "CRM_ADMIN", "USER"] as const satisfies Role[];

export type UserSearch = ListSearch & { role?: (typeof ROLES)[number]; state?: (typeof STATES)[number] };

export function readUserSearch(raw: Record<string, unknown>): UserSearch {
  return { ...readListSearch(raw), role: oneOf(ROLES, raw.role), state: oneOf(STATES, raw.state) };
}

/** What the search asks of the API, in its filter language. */
export function userFilter({ role, state }: UserSearch) {
  return [role && `role = ${role}`, state && `state = ${state}`].filter(Boolean).join(" AND ");
}
