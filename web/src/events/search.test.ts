import { expect, test } from "vitest";

import { eventFilter, readEventSearch } from "./search";

test("what the address asks is asked of the API", () => {
  expect(eventFilter(readEventSearch({ state: "OPEN", tag: 'семинар "А"', participant: 17, creator: 2 }))).toBe(
    'state = OPEN AND tags:"семинар \\"А\\"" AND participants:"contacts/17" AND creator = "users/2"',
  );
});

test("what an address cannot mean is left out", () => {
  expect(eventFilter(readEventSearch({ state: "LOST", participant: '1" OR' }))).toBe("");
});
