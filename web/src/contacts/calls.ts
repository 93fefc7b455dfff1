import { answer, api, asItIs, idOf } from "../api/client";
import type { Contact, Kind } from "../api/types";
import type { ContactValues } from "./values";

type Body = Partial<ContactValues> & { etag?: string };

/** Adds a contact; `notify`: whether those who are given it are told. */
export function createContact({ newCompany, ...body }: Body & { kind: Kind }, submission: string, notify = true) {
  const headers = { "Idempotency-Key": submission };
  const params = { query: { notify, ...(newCompany && { newCompany }) } };
  return answer<Contact>(api.POST("/v1/contacts", { params, body, headers }));
}

type How = { notify: boolean; applyToRelated?: boolean };

/** Changes a contact; `applyToRelated`: whether a new temperature and new tags go to those who belong to it. */
export function updateContact(contact: Contact, { newCompany, ...changes }: Body, { notify, applyToRelated }: How) {
  const query = { notify, ...(newCompany && { newCompany }), ...(applyToRelated && { applyToRelated }) };
  const params = { path: { contact: idOf(contact.name) }, query };
  const body = { ...changes, etag: contact.etag };
  return answer<Contact>(api.PATCH("/v1/contacts/{contact}", { params, body }));
}

/** Deletes the version that was seen: what somebody changed meanwhile is looked at again first. */
export function deleteContact(contact: Contact) {
  const params = { path: { contact: idOf(contact.name) }, query: { etag: contact.etag } };
  return answer(api.DELETE("/v1/contacts/{contact}", { params }));
}

export function uploadPhoto(contact: Contact, picture: Blob) {
  const params = { path: { contact: idOf(contact.name) } };
  return answer<Contact>(api.POST("/v1/contacts/{contact}:uploadPhoto", { params, ...asItIs(picture) }));
}

export function removePhoto(contact: Contact) {
  const params = { path: { contact: idOf(contact.name) } };
  return answer<Contact>(api.POST("/v1/contacts/{contact}:deletePhoto", { params, body: {} }));
}
