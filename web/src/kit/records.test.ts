import { expect, test } from "vitest";

import { pathOf } from "./records";

test.each([
  ["contacts/17", "/contacts/17"],
  ["users/3", "/settings/users/3"],
  ["groups/2", "/settings/groups"],
  ["portalSettings", "/settings/portal"],
  ["apiKeys/4", undefined],
  ["", undefined],
])("%j is shown at %s", (name, path) => {
  expect(pathOf(name)).toBe(path);
});
