import { expect, test } from "vitest";

import { charsetOf, lookOf, mayPreview } from "./previews";

test("pictures, PDF and plain texts are shown, everything else is only saved", () => {
  const looks = ["image/png", "application/pdf", "text/csv", "image/svg+xml", "text/html", "application/zip"];
  expect(looks.map((contentType) => lookOf({ contentType }))).toEqual([
    "image",
    "pdf",
    "text",
    undefined,
    undefined,
    undefined,
  ]);
});

test("what is deleted, or too large for a browser, is not shown", () => {
  const picture = { contentType: "image/png", size: "2000", state: "ACTIVE" as const };
  expect(mayPreview(picture)).toBe(true);
  expect(mayPreview({ ...picture, state: "DELETED" })).toBe(false);
  expect(mayPreview({ ...picture, size: "300000000" })).toBe(false);
});

test("a text is read in the encoding that was found when it came", () => {
  const old = { contentType: "text/plain; charset=koi8-r" };
  expect([lookOf(old), charsetOf(old), charsetOf({ contentType: "text/plain" })]).toEqual(["text", "koi8-r", "utf-8"]);
  expect(new TextDecoder(charsetOf(old)).decode(new Uint8Array([0xf0, 0xcc, 0xc1, 0xce]))).toBe("План");
});
