import { expect, test } from "vitest";

import { formatSize } from "./sizes";

test.each([
  [1, "1 kB"],
  [12_400, "12 kB"],
  [3_420_000, "3.4 MB"],
  [64_000_000, "64 MB"],
])("%d bytes are told as %s", (bytes, told) => {
  expect(formatSize(bytes, "en")).toBe(told);
});
