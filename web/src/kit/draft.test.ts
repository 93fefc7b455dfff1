import { beforeEach, expect, test } from "vitest";

import { claimDrafts, clearDrafts, dropDraft, keepDraft, readDraft } from "./draft";

beforeEach(() => localStorage.clear());

test("what was typed is there again after a reload, with the record it started from", () => {
  keepDraft("contacts/17", { base: { etag: '"4"' }, values: { firstName: "Ada" } });
  expect(readDraft("contacts/17")).toEqual({ base: { etag: '"4"' }, values: { firstName: "Ada" } });
});

test("each form has a draft of its own", () => {
  keepDraft("contacts/new/PERSON", { base: null, values: 1 });
  expect(readDraft("contacts/new/COMPANY")).toBeUndefined();
});

test("a dropped draft does not come back", () => {
  keepDraft("contacts/17", { base: null, values: 1 });
  dropDraft("contacts/17");
  expect(readDraft("contacts/17")).toBeUndefined();
});

test("a draft that cannot be read is dropped", () => {
  localStorage.setItem("rapport.draft.contacts/17", "{half");
  expect(readDraft("contacts/17")).toBeUndefined();
  expect(localStorage.length).toBe(0);
});

test("signing out forgets all drafts and nothing else", () => {
  keepDraft("contacts/17", { base: null, values: 1 });
  localStorage.setItem("rapport.language", "ru");
  clearDrafts();
  expect(Object.keys(localStorage)).toEqual(["rapport.language"]);
});

test("a session that ended keeps its drafts for the same person, not for another", () => {
  claimDrafts("users/1");
  keepDraft("contacts/17", { base: null, values: 1 });
  claimDrafts("users/1");
  expect(readDraft("contacts/17")).toBeDefined();
  claimDrafts("users/2");
  expect(readDraft("contacts/17")).toBeUndefined();
});
