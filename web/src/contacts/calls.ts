import { answer, api, idOf } from "../api/client";
import type { Contact, Kind } from "../api/types";
import type { ContactValues } from "./values";

type Body = Partial<ContactValues> & { etag?: string };

/** Adds a contact; `notify`: whether those who are given it are told. */
export function createContact(body: Body & { kind: Kind }, submission: string, notify = true) {
  const headers = { "Idempotency-Key": submission };
  return answer<Contact>(api.POST("/v1/contacts", { params: { query: { notify } }, body, headers }));
}

export function updateContact(contact: Contact, changes: Body, notify = true) {
  const params = { path: { contact: idOf(contact.name) }, query: { notify } };
  const body = { ...changes, etag: contact.etag };
  return answer<Contact>(api.PATCH("/v1/contacts/{contact}", { params, body }));
}

/** Deletes the version that was seen: what somebody changed meanwhile is looked at again first. */
export function deleteContact(contact: Contact) {
  const params = { path: { contact: idOf(contact.name) }, query: { etag: contact.etag } };
  return answer(api.DELETE("/v1/contacts/{contact}", { params }));
}
