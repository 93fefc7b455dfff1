import { queryOptions } from "@tanstack/react-query";

import { answer, api, idOf } from "../api/client";
import { keys } from "../api/queries";
import type { Access, Event, EventParticipant, EventRefusal } from "../api/types";

type Named = Pick<Event, "name">;
type Body = Record<string, unknown>;

const at = ({ name }: Named) => ({ path: { event: idOf(name) } });

export function createEvent(body: Body, submission: string) {
  return answer<Event>(api.POST("/v1/events", { body: body as never, headers: { "Idempotency-Key": submission } }));
}

export function updateEvent(event: Event, changes: Body) {
  const body = { ...changes, etag: event.etag };
  return answer<Event>(api.PATCH("/v1/events/{event}", { params: at(event), body }));
}

/** Whether the guests of what is deleted are told, and a line of one's own. */
export type Telling = { tellGuests: boolean; message: string };
export const SILENTLY: Telling = { tellGuests: false, message: "" };

/** Deletes the version that was seen: what somebody changed meanwhile is looked at again first. */
export function deleteEvent(event: Event, { tellGuests, message }: Telling) {
  const params = { ...at(event), query: { etag: event.etag, ...(tellGuests && { tellGuests, message }) } };
  return answer(api.DELETE("/v1/events/{event}", { params }));
}

/** Notes that an event took place, or opens it again. */
export function moveEvent(event: Event, state: Event["state"]) {
  const options = { params: at(event), body: {} };
  if (state === "CLOSED") return answer<Event>(api.POST("/v1/events/{event}:close", options));
  if (state === "CANCELLED") return answer<Event>(api.POST("/v1/events/{event}:cancel", options));
  return answer<Event>(api.POST("/v1/events/{event}:reopen", options));
}

export type Participants = { participants: EventParticipant[]; hiddenCount: number; nextPageToken: string };

const AT_ONCE = 200;

export function fetchParticipants(event: Named, pageToken = "") {
  const params = { ...at(event), query: { pageSize: AT_ONCE, ...(pageToken && { pageToken }) } };
  return answer<Participants>(api.GET("/v1/events/{event}/participants", { params }));
}

/** Everybody who takes part, as far as the reader may know. */
export const participantsOf = (event: Pick<Event, "name" | "etag">) =>
  queryOptions({
    queryKey: [...keys.one(event.name), "participants", event.etag],
    queryFn: async () => {
      let page = await fetchParticipants(event);
      const participants = [...page.participants];
      while (page.nextPageToken) {
        page = await fetchParticipants(event, page.nextPageToken);
        participants.push(...page.participants);
      }
      return { participants, hiddenCount: page.hiddenCount };
    },
  });

/** What became of a contact in each of some events, by their names. */
export const participationsOf = (contact: string, names: string[]) =>
  queryOptions({
    queryKey: [...keys.lists("events"), "participations", contact, names],
    queryFn: async () => {
      const query = { contact, names };
      type Found = { participants: EventParticipant[] };
      const { participants } = await answer<Found>(api.GET("/v1/events:batchGetParticipants", { params: { query } }));
      return new Map(participants.map((guest) => [guest.event, guest]));
    },
    enabled: names.length > 0,
  });

export function removeParticipants(event: Named, contacts: string[]) {
  return answer<Event>(api.POST("/v1/events/{event}:removeParticipants", { params: at(event), body: { contacts } }));
}

/** What is done to each of several events; nothing deletes them. */
export type BatchChange = { addTags?: string[]; removeTags?: string[]; access?: Access; state?: Event["state"] };
export type Outcome = { changedCount: number; refusals: EventRefusal[] };

export async function changeMany(names: string[], change: BatchChange | undefined, telling: Telling): Promise<Outcome> {
  if (change) return answer<Outcome>(api.POST("/v1/events:batchUpdate", { body: { names, ...change } }));
  type Deleted = { deletedCount: number; refusals: EventRefusal[] };
  const body = { names, ...(telling.tellGuests && telling) };
  const { deletedCount, refusals } = await answer<Deleted>(api.POST("/v1/events:batchDelete", { body }));
  return { changedCount: deletedCount, refusals };
}
