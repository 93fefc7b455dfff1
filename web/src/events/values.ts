import type { FormErrors } from "@mantine/form";

import type { Access, Custom, Event } from "../api/types";
import { i18n } from "../app/i18n";
import { tidyCustom } from "../kit/custom";

/** What the form of an event holds; named as in the API. */
export type EventValues = {
  title: string;
  participants: string[];
  description: string;
  startTime: string;
  endTime: string;
  place: string;
  tags: string[];
  custom: Custom;
  access: Access;
};

/** In the order of the form. */
export const FIELDS: (keyof EventValues)[] = [
  "title",
  "participants",
  "description",
  "startTime",
  "endTime",
  "place",
  "tags",
  "custom",
  "access",
];

const OPEN_TO_ALL: Access = { isPrivate: false, readers: [] };

/** A new event: everybody may see it. */
export function blank(participants: string[]): EventValues {
  return {
    ...{ title: "", participants, description: "", startTime: "", endTime: "", place: "" },
    ...{ tags: [], custom: {}, access: OPEN_TO_ALL },
  };
}

export function valuesOf(event: Event): EventValues {
  const { title, participants, description, startTime = "", endTime = "", place, tags, access = OPEN_TO_ALL } = event;
  const { isPrivate, readers } = access;
  return {
    ...{ title, participants, description, startTime, endTime, place, tags },
    custom: tidyCustom(event.custom),
    access: { isPrivate, readers },
  };
}

export function tidy(values: EventValues): EventValues {
  const { isPrivate, readers } = values.access;
  return {
    ...values,
    title: values.title.trim(),
    custom: tidyCustom(values.custom),
    access: { isPrivate, readers: isPrivate ? readers : [] },
  };
}

/** What can be said without asking the API; it has the last word. */
export function validate({ title, startTime, endTime }: EventValues): FormErrors {
  const errors: FormErrors = {};
  if (!title.trim()) errors.title = i18n.t("errors:required");
  if (endTime && !startTime) errors.startTime = i18n.t("errors:required");
  if (endTime && startTime && endTime < startTime) errors.endTime = i18n.t("events:endBeforeStart");
  return errors;
}

/** What is sent of some fields; a time that is not said is none. */
export function bodyOf(values: EventValues, fields: (keyof EventValues)[] = FIELDS) {
  const body = { ...values, startTime: values.startTime || null, endTime: values.endTime || null };
  return Object.fromEntries(fields.map((field) => [field, body[field]]));
}
