import { infiniteQueryOptions } from "@tanstack/react-query";

import { answer, api, idOf } from "../../api/client";
import { keys } from "../../api/queries";
import type { Event, EventParticipant, InvitationRefusal } from "../../api/types";
import type { Participants } from "../calls";

type Named = Pick<Event, "name">;

const at = ({ name }: Named) => ({ path: { event: idOf(name) } });

export const ANSWERS = ["PENDING", "ACCEPTED", "DECLINED", "WAITING"] as const;
export type GuestAnswer = (typeof ANSWERS)[number];
export type Attendance = "ATTENDED" | "ABSENT";

/** What somebody answered; nothing if he was not invited. */
export const answerOf = ({ response }: EventParticipant) => ANSWERS.find((known) => known === response);

/** Whether somebody was there; nothing if nobody said so. */
export const attendanceOf = ({ attendance }: EventParticipant): Attendance | undefined =>
  attendance === "ATTENDED" || attendance === "ABSENT" ? attendance : undefined;

export type GuestQuery = { q?: string; filter?: string };

const AT_ONCE = 100;

/** Those who take part, by name, as far as one reads on. */
export const guestsOf = (event: Named, query: GuestQuery) =>
  infiniteQueryOptions({
    queryKey: [...keys.one(event.name), "guests", query],
    queryFn: ({ pageParam }) => {
      const asked = { pageSize: AT_ONCE, ...query, pageToken: pageParam };
      const sent = Object.fromEntries(Object.entries(asked).filter(([, value]) => value));
      return answer<Participants & { totalSize: number }>(
        api.GET("/v1/events/{event}/participants", { params: { ...at(event), query: sent } }),
      );
    },
    initialPageParam: "",
    getNextPageParam: ({ nextPageToken }) => nextPageToken || undefined,
  });

export type Invitation = {
  /** All who take part and were not invited yet, if nobody is named. */
  contacts: string[];
  message: string;
  language: "" | "en" | "ru";
  again: boolean;
};

export type Invited = { event: Event; invitedCount: number; refusals: InvitationRefusal[] };

/** Says who would be invited; nothing is sent. */
export function tryInviting(event: Named, { contacts, language, again }: Omit<Invitation, "message">) {
  const body = { contacts, language, again, validateOnly: true };
  return answer<Invited>(api.POST("/v1/events/{event}:invite", { params: at(event), body }));
}

export function invite(event: Named, body: Invitation, submission: string) {
  const headers = { "Idempotency-Key": submission };
  return answer<Invited>(api.POST("/v1/events/{event}:invite", { params: at(event), body, headers }));
}

export type Told = { event: Event; toldCount: number; refusals: InvitationRefusal[] };

/** Says who would be told that the event was moved; nothing is sent. */
export function tryTelling(event: Named) {
  const body = { validateOnly: true };
  return answer<Told>(api.POST("/v1/events/{event}:tellGuests", { params: at(event), body }));
}

export function tellGuests(event: Named, message: string, submission: string) {
  const headers = { "Idempotency-Key": submission };
  return answer<Told>(api.POST("/v1/events/{event}:tellGuests", { params: at(event), body: { message }, headers }));
}

/** Notes what somebody said by phone, or takes it back. */
export function noteAnswer(event: Named, contact: string, response: "PENDING" | "ACCEPTED" | "DECLINED") {
  const body = { contact, response };
  return answer<EventParticipant>(api.POST("/v1/events/{event}:setResponse", { params: at(event), body }));
}

/** Notes the same answer of several, or takes theirs back. */
export function noteAnswers(event: Named, contacts: string[], response: "PENDING" | "ACCEPTED" | "DECLINED") {
  const body = { contacts, response };
  return answer<Event>(api.POST("/v1/events/{event}:batchSetResponses", { params: at(event), body }));
}

/** Notes who was there, or takes it back. */
export function markAttendance(event: Named, contacts: string[], attendance: Attendance | undefined) {
  const body = { contacts, ...(attendance && { attendance }) };
  return answer<Event>(api.POST("/v1/events/{event}:markAttendance", { params: at(event), body }));
}
