import type { QueryClient } from "@tanstack/react-query";

import { keys } from "./queries";

/** What the API says of a change: which record, what happened to it, and the version it has now. */
export type Change = { name: string; event: string; etag?: string };

/** How long changes are gathered before what they touch is asked for again: a bulk edit costs one refetch. */
const GATHER_MS = 300;

/** How long the connection may be gone before anybody is bothered with it. */
const PATIENCE_MS = 3_000;

/** What decides about the person at the screen. */
const ABOUT_ME = ["users", "groups", "portalSettings"];

/** What changes who comes to an event, but not the event. */
const OF_GUESTS = "EventGuestsChanged";

type Versioned = { etag?: string; company?: string };

/** Marks as stale whatever the changes touch; what is on the screen is then fetched again. */
export function invalidate(client: QueryClient, changes: Change[]) {
  const collections = new Set(changes.map((change) => change.name.split("/")[0] ?? ""));
  for (const collection of collections) void client.invalidateQueries({ queryKey: keys.lists(collection) });
  if (collections.has("contacts")) void client.invalidateQueries({ queryKey: keys.lists("contactMerges") });
  // What an import makes is not told one by one.
  if (collections.has("contactImports"))
    for (const made of ["contacts", "contactTags", "contactTypes", "temperatureLevels"])
      void client.invalidateQueries({ queryKey: keys.lists(made) });
  // Whoever is signed in may have become somebody else: another role, another group, no access any more.
  if (ABOUT_ME.some((collection) => collections.has(collection))) void client.invalidateQueries({ queryKey: ["me"] });
  if (collections.has("portalSettings")) void client.invalidateQueries({ queryKey: ["portal"] });
  for (const change of changes) {
    const known = client.getQueryData<Versioned>(keys.one(change.name));
    // Our own changes come back too; the cache has them already. Of guests the version of their event says nothing.
    if (!change.etag || known?.etag !== change.etag || change.event === OF_GUESTS)
      void client.invalidateQueries({ queryKey: keys.one(change.name) });
    void client.invalidateQueries({
      queryKey: keys.ones("contacts"),
      predicate: (query) => (query.state.data as Versioned | undefined)?.company === change.name,
    });
  }
}

/** The live connection to the server: one for the whole page, reopened for as long as somebody listens. */
export class Live {
  private source: EventSource | undefined;
  private pending: Change[] = [];
  private gathering: ReturnType<typeof setTimeout> | undefined;
  private losing: ReturnType<typeof setTimeout> | undefined;
  private reopening: ReturnType<typeof setTimeout> | undefined;
  private listeners = new Set<() => void>();
  lost = false;

  constructor(
    private readonly client: QueryClient,
    private readonly open: () => EventSource = () => new EventSource("/v1/changes:watch"),
  ) {}

  start() {
    this.connect();
    return () => this.stop();
  }

  subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private connect() {
    const source = this.open();
    let resumed = false;
    this.source = source;
    source.onopen = () => {
      this.setLost(false);
      // What was loaded before may have changed unheard. A connection that the browser resumed hears what it missed.
      if (!resumed) void this.client.invalidateQueries();
      resumed = true;
    };
    source.onmessage = (message: MessageEvent<string>) => this.gather(JSON.parse(message.data) as Change);
    source.addEventListener("reset", () => void this.client.invalidateQueries());
    source.onerror = () => this.lose(source);
  }

  private gather(change: Change) {
    this.pending.push(change);
    this.gathering ??= setTimeout(() => {
      this.gathering = undefined;
      invalidate(this.client, this.pending.splice(0));
    }, GATHER_MS);
  }

  private lose(source: EventSource) {
    this.losing ??= setTimeout(() => this.setLost(true), PATIENCE_MS);
    if (source.readyState !== EventSource.CLOSED) return;
    // Refused: the browser gives up, we do not. If the session has ended, the next answer shows the sign-in page.
    void this.client.invalidateQueries({ queryKey: ["me"] });
    clearTimeout(this.reopening);
    this.reopening = setTimeout(() => this.connect(), PATIENCE_MS);
  }

  private setLost(lost: boolean) {
    clearTimeout(this.losing);
    this.losing = undefined;
    if (lost === this.lost) return;
    this.lost = lost;
    for (const listener of this.listeners) listener();
  }

  private stop() {
    this.source?.close();
    for (const timer of [this.gathering, this.losing, this.reopening]) clearTimeout(timer);
    this.gathering = this.losing = this.reopening = undefined;
  }
}
