import type { FormErrors } from "@mantine/form";
import dayjs from "dayjs";

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
  /** How many guests there are places for; empty for any number. */
  capacity: number | "";
  /** How many minutes before the beginning guests are reminded. */
  reminders: number[];
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
  "capacity",
  "reminders",
  "tags",
  "custom",
  "access",
];

const OPEN_TO_ALL: Access = { isPrivate: false, readers: [] };

/** At what time of a day an event begins unless said otherwise. */
const MORNING = "09:00";

/** A new event, on a day if one was chosen: everybody may see it. */
export function blank(participants: string[], day?: string): EventValues {
  const startTime = day ? dayjs(`${day}T${MORNING}`).toISOString() : "";
  return {
    ...{ title: "", participants, description: "", startTime, endTime: "", place: "" },
    ...{ capacity: "", reminders: [], tags: [], custom: {}, access: OPEN_TO_ALL },
  };
}

export function valuesOf(event: Event): EventValues {
  const { title, participants, description, startTime = "", endTime = "", place, tags, access = OPEN_TO_ALL } = event;
  const { isPrivate, readers } = access;
  return {
    ...{ title, participants, description, startTime, endTime, place, tags },
    capacity: event.capacity || "",
    reminders: event.reminders,
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

/** What becomes of the end when an event begins at another time: it lasts as long as before. */
export function endAfter(startTime: string, before: Pick<EventValues, "startTime" | "endTime">) {
  const lasts = Date.parse(before.endTime) - Date.parse(before.startTime);
  return startTime && lasts >= 0 ? new Date(Date.parse(startTime) + lasts).toISOString() : before.endTime;
}

/** What can be said without asking the API; it has the last word. */
export function validate({ title, startTime, endTime, reminders }: EventValues): FormErrors {
  const errors: FormErrors = {};
  if (!title.trim()) errors.title = i18n.t("errors:required");
  if (endTime && !startTime) errors.startTime = i18n.t("errors:required");
  if (endTime && startTime && endTime < startTime) errors.endTime = i18n.t("events:endBeforeStart");
  if (reminders.length > 0 && !startTime) errors.startTime = i18n.t("events:startForReminders");
  return errors;
}

/** What is sent of some fields; a time that is not said is none. */
export function bodyOf(values: EventValues, fields: (keyof EventValues)[] = FIELDS) {
  const { startTime, endTime, capacity } = values;
  const body = { ...values, startTime: startTime || null, endTime: endTime || null, capacity: capacity || 0 };
  return Object.fromEntries(fields.map((field) => [field, body[field]]));
}
