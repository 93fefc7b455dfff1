import dayjs from "dayjs";
import "dayjs/locale/ru";
import i18next from "i18next";
import { initReactI18next } from "react-i18next";

import { speak } from "../api/client";
import type * as en from "../locales/en";
import type * as enMore from "../locales/en/more";
import { QUOTES } from "./quotes";

export type Language = "en" | "ru";

/** The languages of the interface, each in its own words. */
export const LANGUAGES: { value: Language; label: string }[] = [
  { value: "en", label: "English" },
  { value: "ru", label: "Русский" },
];

/** The texts of each language; nobody waits for those of a language that he does not read. */
const TEXTS: Record<Language, () => Promise<object>> = {
  en: () => import("../locales/en"),
  ru: () => import("../locales/ru"),
};

/** The texts of what nobody sees at first; those of the first page's own words are added to them. */
const MORE: Record<Language, () => Promise<object>> = {
  en: () => import("../locales/en/more"),
  ru: () => import("../locales/ru/more"),
};

const KEPT = "rapport.language";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "frame";
    resources: typeof en & typeof enMore;
  }
}

export const i18n = i18next;

export function languageNow(): Language {
  return i18n.language === "ru" ? "ru" : "en";
}

/** Whether somebody chose the language in this browser, so that nothing else may change it. */
export function languageIsChosen() {
  return localStorage.getItem(KEPT) !== null;
}

/** Whether a page was opened that says more than the first one. */
let moreWanted = false;

async function load(language: Language) {
  const sources = [
    ...(i18n.hasResourceBundle(language, "frame") ? [] : [TEXTS[language]]),
    ...(moreWanted && !i18n.hasResourceBundle(language, "portal") ? [MORE[language]] : []),
  ];
  for (const texts of await Promise.all(sources.map((source) => source())))
    for (const [namespace, words] of Object.entries(texts))
      i18n.addResourceBundle(language, namespace, words, true, true);
}

/** Loads a page together with its texts. */
export function withTexts<T>(page: () => Promise<T>) {
  return async () => {
    moreWanted = true;
    const [loaded] = await Promise.all([page(), load(languageNow())]);
    return loaded;
  };
}

/** Turns the whole interface to a language. Only a choice made by the person is kept for the next visit. */
export async function setLanguage(language: string, { keep }: { keep: boolean }) {
  const known = language.startsWith("ru") ? "ru" : "en";
  if (keep) localStorage.setItem(KEPT, known);
  await load(known);
  document.documentElement.lang = known;
  dayjs.locale(known);
  speak(known);
  await i18n.changeLanguage(known);
}

void i18n
  .use(initReactI18next)
  .use(QUOTES)
  .init({
    resources: {},
    lng: "en",
    fallbackLng: false,
    defaultNS: "frame",
    interpolation: { escapeValue: false },
    postProcess: QUOTES.name,
  });

/** When there are words to show. */
export const ready = setLanguage(localStorage.getItem(KEPT) ?? navigator.language, { keep: false });
