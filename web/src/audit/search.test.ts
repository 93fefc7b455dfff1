import { expect, test } from "vitest";

import { auditFilter, readAuditSearch } from "./search";

test("all choices must hold", () => {
  const search = { actor: "users/3", resource: "contacts/17", action: "UPDATED" as const };
  expect(auditFilter(search)).toBe('actor = "users/3" AND resource = "contacts/17" AND action = UPDATED');
});

test("the last day of a period is part of it", () => {
  const [from, to] = [new Date(2026, 10, 23).toISOString(), new Date(2026, 10, 24).toISOString()];
  expect(auditFilter({ from: "2026-11-23", to: "2026-11-23" })).toBe(`time >= "${from}" AND time < "${to}"`);
});

test("an address cannot smuggle anything into the filter", () => {
  const search = readAuditSearch({
    actor: 'users/1" OR true',
    resource: '"',
    action: "ALL",
    from: "x",
    to: "31/02/2026",
  });
  expect(auditFilter(search)).toBe("");
});
