import { expect, test } from "vitest";

import { browserOf } from "./browser";

test.each([
  [
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36",
    "Chrome · Linux",
  ],
  ["Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox · Windows"],
  ["Mozilla/5.0 (Windows NT 10.0) Chrome/130 YaBrowser/24.10 Safari/537.36", "Yandex Browser · Windows"],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile Safari/604.1", "Safari · iOS"],
  ["python-requests/2.32", "python-requests/2.32"],
])("%s is known as %s", (agent, name) => {
  expect(browserOf(agent)).toBe(name);
});
