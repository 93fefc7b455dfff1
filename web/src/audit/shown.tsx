import dayjs from "dayjs";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { formatDay, formatTime } from "../kit/days";
import { Principal } from "../kit/Person";

/** In which of our texts the fields of a service have their names. */
const TEXTS: Record<string, string[]> = {
  contacts: ["contacts", "audit"],
  events: ["events", "history", "files", "audit"],
  invoicing: ["invoicing", "audit"],
  identity: ["people", "portal", "profile", "audit"],
  notifications: ["notifications", "audit"],
};

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;
const DAY = /^\d{4}-\d\d-\d\d$/;
const PRINCIPAL = /^(users|groups)\/\d+$/;

/** The value that a JSON text stands for; the text itself if it is none. */
export function parsed(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** `firstName` and `first_name` alike, said in words where we know them: First name. */
const inWords = (field: string) => {
  const words = field.replace(/([a-z])([A-Z])/g, "$1 $2").replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1).toLowerCase();
};

const camel = (field: string) => field.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Words for the fields and values of an entry, as the pages of its service word them. */
export function useWords(service: string) {
  const { t, i18n } = useTranslation(["audit", "kit"]);
  const texts = TEXTS[service] ?? [];
  const known = (key: string) => texts.map((text) => `${text}:${key}`).find((full) => i18n.exists(full));
  const say = (full: string) => String(i18n.t(full as never));

  const label = (field: string) => {
    const full = known(`field.${camel(field)}`);
    return full ? say(full) : inWords(field);
  };

  const show = (field: string, value: unknown): ReactNode => {
    if (value === undefined || value === null || value === "") return undefined;
    if (typeof value === "boolean") return t(value ? "yes" : "no");
    if (Array.isArray(value))
      return value.length > 0 && value.map((item, index) => <Item key={index}>{show(field, item)}</Item>);
    if (typeof value === "object") return showObject(value as Record<string, unknown>);
    const text = String(value);
    if (PRINCIPAL.test(text)) return <Principal name={text} />;
    if (INSTANT.test(text) && dayjs(text).isValid()) return <span className="numeric">{formatTime(text)}</span>;
    if (DAY.test(text)) return <span className="numeric">{formatDay(text)}</span>;
    const worded = known(`${camel(field)}.${text}`);
    return worded ? say(worded) : text;
  };

  /** An e-mail, an address, an amount: its parts, as far as they say something. */
  const showObject = (parts: Record<string, unknown>): ReactNode => {
    const told = Object.entries(parts).filter(
      ([, part]) => part !== "" && part !== false && part !== null && part !== 0,
    );
    return told.map(([key, part]) => <Item key={key}>{part === true ? label(key) : show(key, part)}</Item>);
  };
  return { label, show };
}

function Item({ children }: { children: ReactNode }) {
  return <div className="anywhere">{children}</div>;
}
