import { beforeEach, expect, test, vi } from "vitest";

import { invalidate, Live } from "./live";
import { keys, makeQueryClient, me, unreadCount } from "./queries";
import type { User } from "./types";

/** A stream that the test speaks for. */
class FakeStream extends EventTarget {
  static readonly CLOSED = 2;
  readyState = 1;
  onopen: (() => void) | null = null;
  onmessage: ((message: MessageEvent<string>) => void) | null = null;
  onerror: (() => void) | null = null;
  close() {
    this.readyState = FakeStream.CLOSED;
  }
  say(change: object) {
    this.onmessage?.(new MessageEvent("message", { data: JSON.stringify(change) }));
  }
}

vi.stubGlobal("EventSource", FakeStream);

const stale = (client: ReturnType<typeof makeQueryClient>, key: readonly unknown[]) =>
  client.getQueryState(key)?.isInvalidated;

let client: ReturnType<typeof makeQueryClient>;
let streams: FakeStream[];
let live: Live;

beforeEach(() => {
  vi.useFakeTimers();
  client = makeQueryClient();
  client.setQueryData(keys.list("contacts", {}), { records: [] });
  client.setQueryData(keys.list("invoices", {}), { records: [] });
  client.setQueryData(keys.one("contacts/17"), { etag: '"4"', company: "contacts/3" });
  streams = [];
  live = new Live(client, () => {
    const stream = new FakeStream();
    streams.push(stream);
    return stream as unknown as EventSource;
  });
});

test("a change makes the record and the lists of its kind stale, and no others", () => {
  invalidate(client, [{ name: "contacts/17", event: "ContactUpdated", etag: '"5"' }]);
  expect(stale(client, keys.one("contacts/17"))).toBe(true);
  expect(stale(client, keys.list("contacts", {}))).toBe(true);
  expect(stale(client, keys.list("invoices", {}))).toBe(false);
});

test("our own change, which the cache already has, is not fetched again", () => {
  invalidate(client, [{ name: "contacts/17", event: "ContactUpdated", etag: '"4"' }]);
  expect(stale(client, keys.one("contacts/17"))).toBe(false);
});

test("guests change without a new version of their event", () => {
  client.setQueryData(keys.one("events/3"), { etag: '"1"' });
  invalidate(client, [{ name: "events/3", event: "EventGuestsChanged", etag: '"1"' }]);
  expect(stale(client, keys.one("events/3"))).toBe(true);
});

test("a company that changed makes its persons stale, since they show its name", () => {
  invalidate(client, [{ name: "contacts/3", event: "ContactUpdated", etag: '"9"' }]);
  expect(stale(client, keys.one("contacts/17"))).toBe(true);
});

test.each(["users/3", "groups/2", "portalSettings"])("a change of %s may be one of who we are", (name) => {
  client.setQueryData(me.queryKey, { name: "users/3" } as User);
  invalidate(client, [{ name, event: "Updated" }]);
  expect(stale(client, me.queryKey)).toBe(true);
});

test("a new notification makes the count of the unread ones stale", () => {
  client.setQueryData(unreadCount.queryKey, { unreadCount: 0 });
  invalidate(client, [{ name: "notifications/5", event: "NotificationCreated" }]);
  expect(stale(client, unreadCount.queryKey)).toBe(true);
});

test("changes in quick succession are gathered into one look", () => {
  const spy = vi.spyOn(client, "invalidateQueries");
  live.start();
  for (let id = 1; id <= 50; id++) streams[0]?.say({ name: `invoices/${id}`, event: "InvoiceCreated" });
  expect(spy).not.toHaveBeenCalled();
  vi.runOnlyPendingTimers();
  expect(spy.mock.calls.filter(([filters]) => filters?.queryKey?.[1] === "list")).toHaveLength(1);
});

test("a reset makes everything stale", () => {
  live.start();
  streams[0]?.dispatchEvent(new Event("reset"));
  expect(stale(client, keys.list("invoices", {}))).toBe(true);
});

test("a short interruption goes unmentioned, a long one does not", () => {
  live.start();
  streams[0]?.onerror?.();
  vi.advanceTimersByTime(1_000);
  streams[0]?.onopen?.();
  vi.advanceTimersByTime(10_000);
  expect(live.lost).toBe(false);
  streams[0]?.onerror?.();
  vi.advanceTimersByTime(10_000);
  expect(live.lost).toBe(true);
});

test("what was loaded before the stream was open is loaded again, once", () => {
  live.start();
  streams[0]?.onopen?.();
  expect(stale(client, keys.list("invoices", {}))).toBe(true);
  client.setQueryData(keys.list("invoices", {}), { records: [] });
  streams[0]?.onerror?.();
  streams[0]?.onopen?.();
  expect(stale(client, keys.list("invoices", {}))).toBe(false);
});

test("a refused stream is opened anew, and then everything is stale", () => {
  live.start();
  streams[0]?.close();
  streams[0]?.onerror?.();
  vi.advanceTimersByTime(3_000);
  expect(streams).toHaveLength(2);
  streams[1]?.onopen?.();
  expect(stale(client, keys.list("invoices", {}))).toBe(true);
  expect(live.lost).toBe(false);
});
