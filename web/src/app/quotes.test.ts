import { expect, test } from "vitest";

import { nested } from "./quotes";

test("quotes within quotes are of the other kind", () => {
  expect(nested("Удалить «ООО «Насосы» и сыновья»?")).toBe("Удалить «ООО „Насосы“ и сыновья»?");
  expect(nested("«А» и «Б»")).toBe("«А» и «Б»");
  expect(nested("5» и «Б»")).toBe("5» и «Б»");
});
