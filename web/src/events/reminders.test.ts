import { expect, test } from "vitest";

import { i18n, setLanguage } from "../app/i18n";
import { remindersOf } from "./reminders";

test("reminders are told in the largest unit that fits, the earliest first", async () => {
  await setLanguage("ru", { keep: false });
  expect(remindersOf([15, 2880, 60])).toBe("за 2 дня, за 1 час, за 15 минут");
  await i18n.changeLanguage("en");
});
