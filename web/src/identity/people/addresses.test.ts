import { expect, test } from "vitest";

import { readAddresses } from "./addresses";

test("addresses come with commas or in lines, with names or without", () => {
  const { invitees, wrong } = readAddresses(
    'ivan.petrov@example.com, "Ада Лавлейс" <ada@example.com>\n\nbob@example.com;',
  );
  expect(invitees).toEqual([
    { email: "ivan.petrov@example.com", displayName: "Ivan Petrov" },
    { email: "ada@example.com", displayName: "Ада Лавлейс" },
    { email: "bob@example.com", displayName: "Bob" },
  ]);
  expect(wrong).toEqual([]);
});

test("nobody is invited twice, and what is no address is named", () => {
  const { invitees, wrong } = readAddresses("a@example.com\nA@example.com\nпросто слово");
  expect(invitees.map(({ email }) => email)).toEqual(["A@example.com"]);
  expect(wrong).toEqual(["просто слово"]);
});
