import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { api } from "../api/client";
import { ApiError } from "../api/errors";
import { fieldsOf, searchOf, takeOver } from "./savedViews";

const KEY = "rapport.views.contacts.users/1";

type Sent = { title: string; query: string; hiddenColumns: string[]; list: string };
const sent: Sent[] = [];

/** Lets the API take views, or refuse them. */
function answering(reason = "", code = 409) {
  vi.spyOn(api, "POST").mockImplementation(((_path: string, { body }: { body: Sent }) => {
    sent.push(body);
    return reason ? Promise.reject(new ApiError(code, reason, "no", "")) : Promise.resolve({ data: body });
  }) as never);
}

function keep(...titles: string[]) {
  const views = titles.map((title) => ({ title, search: { kind: "PERSON", page: "x" }, hidden: ["type"] }));
  localStorage.setItem(KEY, JSON.stringify(views));
}

beforeEach(() => {
  localStorage.clear();
  sent.length = 0;
});
afterEach(() => vi.restoreAllMocks());

test("what a view keeps of a search comes back as it was", () => {
  const search = { kind: "PERSON", from: "2026-11-23", own: { "4": "yes & no" }, tag: "50%" };
  expect(searchOf(fieldsOf({ search, hidden: [] }))).toEqual(search);
});

test("the place in a list is not kept", () => {
  expect(fieldsOf({ search: { q: "ada", page: "token", open: "7" }, hidden: ["tags"] })).toEqual({
    query: "q=ada",
    hiddenColumns: ["tags"],
  });
});

test("what this browser kept is taken over once", async () => {
  answering();
  keep("One", "Two");
  expect(await takeOver("contacts", "users/1")).toBe(true);
  expect(await takeOver("contacts", "users/1")).toBe(false);
  expect(sent.map(({ list, title }) => [list, title])).toEqual([
    ["contacts", "One"],
    ["contacts", "Two"],
  ]);
  expect(sent[0]).toMatchObject({ query: "kind=PERSON", hiddenColumns: ["type"] });
});

test("what another window has taken over is not taken twice", async () => {
  answering("SAVED_VIEW_TITLE_TAKEN");
  keep("One");
  await takeOver("contacts", "users/1");
  expect(localStorage.getItem(KEY)).toBeNull();
});

test("while the server does not answer everything stays for the next time", async () => {
  answering("UNAVAILABLE", 503);
  keep("One", "Two");
  await takeOver("contacts", "users/1");
  expect(localStorage.getItem(KEY)).toContain("Two");
  expect(sent).toHaveLength(1);
});
