import { afterEach, expect, test, vi } from "vitest";

import { answer, api, submissionKeys, whenSignedOut } from "./client";
import type { ApiError } from "./errors";

function respondWith(status: number, body: object) {
  const sent: Request[] = [];
  vi.stubGlobal("fetch", (request: Request) => {
    sent.push(request);
    return Promise.resolve(Response.json(body, { status }));
  });
  return sent;
}

afterEach(() => vi.unstubAllGlobals());

test("only calls that change something prove where they come from", async () => {
  const sent = respondWith(200, {});
  await api.GET("/v1/portal", { fetch: globalThis.fetch });
  await api.DELETE("/v1/sessions/{session}", { params: { path: { session: "current" } }, fetch: globalThis.fetch });
  expect(sent.map((request) => request.headers.get("X-CSRF-Protection"))).toEqual([null, "1"]);
});

test("a refusal is thrown as what the API said", async () => {
  respondWith(404, { error: { status: "NOT_FOUND", message: "no contacts/17" } });
  const path = { contact: "17" };
  const call = answer(api.GET("/v1/contacts/{contact}", { params: { path }, fetch: globalThis.fetch }));
  await expect(call).rejects.toMatchObject({ code: 404, reason: "NOT_FOUND" } satisfies Partial<ApiError>);
});

test("the end of the session is told, but not a wrong password", async () => {
  const ended = vi.fn();
  whenSignedOut(ended);
  respondWith(401, { error: { status: "UNAUTHENTICATED", message: "" } });
  const body = { email: "a@example.com", password: "x" };
  await api.POST("/v1/sessions", { body, fetch: globalThis.fetch }).catch(() => undefined);
  expect(ended).not.toHaveBeenCalled();
  await api.GET("/v1/portal", { fetch: globalThis.fetch }).catch(() => undefined);
  expect(ended).toHaveBeenCalledOnce();
});

test("a repeated submission keeps its key, a changed one gets another", () => {
  const key = submissionKeys();
  const first = key({ firstName: "Ada" });
  expect(key({ firstName: "Ada" })).toBe(first);
  expect(key({ firstName: "Grace" })).not.toBe(first);
});
