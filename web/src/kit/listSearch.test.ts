import { expect, test } from "vitest";

import { changedSearch, readListSearch, type ListSearch } from "./listSearch";

test("an address keeps only what a list knows", () => {
  expect(readListSearch({ q: "ada", size: "50", sort: "create_time desc", evil: "1" })).toEqual({
    q: "ada",
    size: 50,
    sort: "create_time desc",
    page: undefined,
    open: undefined,
  });
});

test("a page size that is not offered is not asked for", () => {
  expect(readListSearch({ size: "100000" }).size).toBeUndefined();
});

test("another question starts at the first page", () => {
  expect(changedSearch({ page: "token", q: "a" }, { q: "b" })).toEqual({ page: undefined, q: "b" });
});

test("opening a record beside the list does not leave its page", () => {
  expect(changedSearch<ListSearch>({ page: "token" }, { open: "17" })).toEqual({ page: "token", open: "17" });
});
