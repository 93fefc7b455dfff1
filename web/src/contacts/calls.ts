import { answer, api, idOf } from "../api/client";
import type { Contact, Kind } from "../api/types";
import type { ContactValues } from "./values";

type Body = Partial<ContactValues> & { etag?: string };

export function createContact(body: Body & { kind: Kind }, submission: string) {
  const headers = { "Idempotency-Key": submission };
  return answer<Contact>(api.POST("/v1/contacts", { body, headers }));
}

export function updateContact(contact: Contact, changes: Body) {
  const path = { contact: idOf(contact.name) };
  const body = { ...changes, etag: contact.etag };
  return answer<Contact>(api.PATCH("/v1/contacts/{contact}", { params: { path }, body }));
}

/** Deletes the version that was seen: what somebody changed meanwhile is looked at again first. */
export function deleteContact(contact: Contact) {
  const params = { path: { contact: idOf(contact.name) }, query: { etag: contact.etag } };
  return answer(api.DELETE("/v1/contacts/{contact}", { params }));
}
