import { expect, test } from "vitest";

import { lookOf, mayPreview } from "./previews";

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
