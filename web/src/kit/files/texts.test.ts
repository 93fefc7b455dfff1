import { expect, test } from "vitest";

import { fileOf } from "./texts";

test("a text without an ending is kept as .txt", () => {
  expect(fileOf(" План ", "один").name).toBe("План.txt");
  expect(fileOf("таблица.csv", "а;б").name).toBe("таблица.csv");
  expect(fileOf("версия 1.2", "текст").name).toBe("версия 1.2.txt");
});
