import { answer, api, idOf } from "../../api/client";
import type { ContactForm } from "../../api/types";

export type FormValues = Pick<
  ContactForm,
  | "title"
  | "kind"
  | "fields"
  | "managers"
  | "sharing"
  | "tags"
  | "recipients"
  | "thanks"
  | "redirectUrl"
  | "origins"
  | "language"
  | "paused"
>;

const path = (form: ContactForm) => ({ path: { contact_form: idOf(form.name) } });

export function saveForm(form: ContactForm | undefined, { kind, ...fields }: FormValues) {
  if (!form) return answer<ContactForm>(api.POST("/v1/contactForms", { body: { kind, ...fields } }));
  const body = { ...fields, etag: form.etag };
  return answer<ContactForm>(api.PATCH("/v1/contactForms/{contact_form}", { params: path(form), body }));
}

export function previewForm({ title, kind, fields, language }: FormValues) {
  const body = { title: title || "—", kind, fields, language };
  return answer<{ html: string }>(api.POST("/v1/contactForms:preview", { body }));
}

export function rotateKey(form: ContactForm) {
  const body = { etag: form.etag };
  return answer<ContactForm>(api.POST("/v1/contactForms/{contact_form}:rotateKey", { params: path(form), body }));
}

export function deleteForm(form: ContactForm) {
  return answer(api.DELETE("/v1/contactForms/{contact_form}", { params: path(form) }));
}

/** Addresses without a host lead to where this page came from. */
export function withOrigin(html: string) {
  return html.replace(/((?:src|action|challenge)=")(?=\/forms\/)/g, `$1${globalThis.location.origin}`);
}
