import { answer, api, idOf } from "../../api/client";
import type { ContactField, ContactSettings, ContactTag, ContactType } from "../../api/types";

export type DictionaryName = "contactTypes" | "temperatureLevels";
export type Entry = ContactType;
export type EntryFields = Pick<Entry, "title" | "color">;

// Types and levels are two dictionaries of one make.
const collectionOf = (name: string) =>
  `/v1/${name.split("/")[0] ?? ""}/{contact_type}` as "/v1/contactTypes/{contact_type}";
const path = (name: string) => ({ contact_type: idOf(name) });

export function saveEntry(collection: DictionaryName, entry: Entry | undefined, fields: EntryFields) {
  if (!entry) return answer<Entry>(api.POST(`/v1/${collection}` as "/v1/contactTypes", { body: fields }));
  const body = { ...fields, etag: entry.etag };
  return answer<Entry>(api.PATCH(collectionOf(entry.name), { params: { path: path(entry.name) }, body }));
}

export function deleteEntry({ name, etag }: Entry) {
  return answer(api.DELETE(collectionOf(name), { params: { path: path(name), query: { etag } } }));
}

export function reorder(collection: DictionaryName | "contactFields", names: string[]) {
  return answer(api.POST(`/v1/${collection}:reorder` as "/v1/contactTypes:reorder", { body: { names } }));
}

export function addTag(title: string) {
  return answer<ContactTag>(api.POST("/v1/contactTags", { body: { title } }));
}

export function deleteTag({ name }: ContactTag) {
  return answer(api.DELETE("/v1/contactTags/{contact_tag}", { params: { path: { contact_tag: idOf(name) } } }));
}

export function deleteUnusedTags() {
  return answer(api.POST("/v1/contactTags:deleteUnused", { body: {} }));
}

export type FieldFields = Pick<ContactField, "label" | "kind" | "appliesTo" | "size" | "rows" | "mask" | "options">;

export function saveField(field: ContactField | undefined, fields: FieldFields) {
  if (!field) return answer<ContactField>(api.POST("/v1/contactFields", { body: fields }));
  const params = { path: { contact_field: idOf(field.name) } };
  const changed = (Object.keys(fields) as (keyof FieldFields)[]).filter(
    (key) => JSON.stringify(fields[key]) !== JSON.stringify(field[key]),
  );
  const body = { ...Object.fromEntries(changed.map((key) => [key, fields[key]])), etag: field.etag };
  return answer<ContactField>(api.PATCH("/v1/contactFields/{contact_field}", { params, body }));
}

export function deleteField({ name, etag }: ContactField) {
  const params = { path: { contact_field: idOf(name) }, query: { etag } };
  return answer(api.DELETE("/v1/contactFields/{contact_field}", { params }));
}

type Changeable = Omit<ContactSettings, "name" | "updateTime">;

export function changeContactSettings(changes: Partial<Changeable> & { etag: string }) {
  return answer<ContactSettings>(api.PATCH("/v1/contactSettings", { body: changes }));
}
