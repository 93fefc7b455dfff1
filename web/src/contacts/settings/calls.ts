import { answer, api, idOf } from "../../api/client";
import type { ContactField, ContactSettings, ContactTag, ContactType, EventField, EventTag } from "../../api/types";
import type { CategoryIcon } from "../../kit/history/icons";

export type DictionaryName = "contactTypes" | "temperatureLevels" | "historyCategories";
type Counted = { contactCount?: number; entryCount?: number; eventCount?: number };
export type EntryFields = Pick<ContactType, "title"> & { color?: string; icon?: CategoryIcon };
export type Entry = Pick<ContactType, "name" | "etag"> & EntryFields & Counted;

/** How many records have it. */
export const usesOf = ({ contactCount = 0, entryCount = 0, eventCount = 0 }: Counted) =>
  contactCount + entryCount + eventCount;

// All dictionaries are of one make, and so are tags and fields, whatever records have them.
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

export function reorder(collection: DictionaryName | FieldCollection, names: string[]) {
  return answer(api.POST(`/v1/${collection}:reorder` as "/v1/contactTypes:reorder", { body: { names } }));
}

export type TagCollection = "contactTags" | "eventTags";
export type Tag = Pick<ContactTag, "name" | "title" | "etag"> &
  Partial<Pick<ContactTag, "contactCount"> & Pick<EventTag, "eventCount">>;

export function addTag(collection: TagCollection, title: string) {
  return answer<Tag>(api.POST(`/v1/${collection}` as "/v1/contactTags", { body: { title } }));
}

/** All records that have the tag have its new title, within seconds. */
export function renameTag({ name, etag }: Tag, title: string) {
  const body = { title, etag };
  return answer<Tag>(api.PATCH(`/v1/${name}` as "/v1/contactTags/{contact_tag}", { body } as never));
}

export function deleteTag({ name }: Tag) {
  return answer(api.DELETE(`/v1/${name}` as "/v1/contactTags/{contact_tag}", {} as never));
}

export function deleteUnusedTags(collection: TagCollection) {
  return answer(api.POST(`/v1/${collection}:deleteUnused` as "/v1/contactTags:deleteUnused", { body: {} }));
}

export type FieldCollection = "contactFields" | "eventFields";
export type Field = Omit<EventField, "eventCount"> & Partial<Pick<ContactField, "appliesTo">> & Counted;
export type FieldFields = Pick<Field, "label" | "kind" | "appliesTo" | "size" | "rows" | "mask" | "options">;

export function saveField(collection: FieldCollection, field: Field | undefined, fields: FieldFields) {
  if (!field) return answer<Field>(api.POST(`/v1/${collection}` as "/v1/contactFields", { body: fields }));
  const changed = (Object.keys(fields) as (keyof FieldFields)[]).filter(
    (key) => JSON.stringify(fields[key]) !== JSON.stringify(field[key]),
  );
  const body = { ...Object.fromEntries(changed.map((key) => [key, fields[key]])), etag: field.etag };
  return answer<Field>(api.PATCH(`/v1/${field.name}` as "/v1/contactFields/{contact_field}", { body } as never));
}

export function deleteField({ name, etag }: Field) {
  const params = { query: { etag } };
  return answer(api.DELETE(`/v1/${name}` as "/v1/contactFields/{contact_field}", { params } as never));
}

type Changeable = Omit<ContactSettings, "name" | "updateTime">;

export function changeContactSettings(changes: Partial<Changeable> & { etag: string }) {
  return answer<ContactSettings>(api.PATCH("/v1/contactSettings", { body: changes }));
}
