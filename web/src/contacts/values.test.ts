import { expect, test } from "vitest";

import { blank, bodyOf, EMAIL, tidy, validate } from "./values";

const person = { ...blank("PERSON", "users/1"), firstName: "Ada", lastName: "Lovelace" };

test("a person needs a first and a last name, a company its name", () => {
  expect(Object.keys(validate(blank("PERSON", "users/1")))).toEqual(["firstName", "lastName"]);
  expect(Object.keys(validate(blank("COMPANY", "users/1")))).toEqual(["companyName"]);
  expect(validate(person)).toEqual({});
});

test("whoever may say so must name a manager", () => {
  const orphan = { ...person, managers: [] };
  expect(Object.keys(validate(orphan))).toEqual(["managers"]);
  expect(validate(orphan, false)).toEqual({});
});

test("an e-mail without @ and a phone without a digit are complained about where they are", () => {
  const emails = [EMAIL, { ...EMAIL, value: "ada" }];
  const phones = [{ value: "none", category: "WORK" as const, primary: true }];
  expect(Object.keys(validate({ ...person, emails, phones }))).toEqual(["emails.1.value", "phones.0.value"]);
});

test("rows that were left empty are not sent, and one of the others is primary", () => {
  const emails = [
    { ...EMAIL, primary: true },
    { ...EMAIL, value: "ada@example.com" },
  ];
  const tidied = tidy({ ...person, emails });
  expect(tidied.emails).toEqual([{ value: "ada@example.com", category: "WORK", primary: true }]);
  expect(tidied.phones).toEqual([]);
});

test("a company is sent without the names of a person", () => {
  const body = bodyOf({ ...blank("COMPANY", "users/1"), companyName: "Basel Pumps" });
  expect(body).toMatchObject({ kind: "COMPANY", companyName: "Basel Pumps" });
  expect(body).not.toHaveProperty("firstName");
});
