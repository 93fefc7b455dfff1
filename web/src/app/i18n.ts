import dayjs from "dayjs";
import "dayjs/locale/ru";
import i18next from "i18next";
import { initReactI18next } from "react-i18next";

import { speak } from "../api/client";
import type * as en from "../locales/en";

export type Language = "en" | "ru";

/** The languages of the interface, each in its own words. */
export const LANGUAGES: { value: Language; label: string }[] = [
  { value: "en", label: "English" },
  { value: "ru", label: "Русский" },
];

/** The texts of each language; nobody waits for those of a language that he does not read. */
const TEXTS: Record<Language, () => Promise<Partial<typeof en>>> = {
  en: () => import("../locales/en"),
  ru: () => import("../locales/ru") as Promise<Partial<typeof en>>,
};

const KEPT = "rapport.language";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "frame";
    resources: typeof en;
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

/** Turns the whole interface to a language. Only a choice made by the person is kept for the next visit. */
export async function setLanguage(language: string, { keep }: { keep: boolean }) {
  const known = language.startsWith("ru") ? "ru" : "en";
  if (keep) localStorage.setItem(KEPT, known);
  if (!i18n.hasResourceBundle(known, "frame"))
    for (const [namespace, texts] of Object.entries(await TEXTS[known]()))
      i18n.addResourceBundle(known, namespace, texts);
  document.documentElement.lang = known;
  dayjs.locale(known);
  speak(known);
  await i18n.changeLanguage(known);
}

void i18n.use(initReactI18next).init({
  resources: {},
  lng: "en",
  fallbackLng: false,
  defaultNS: "frame",
  interpolation: { escapeValue: false },
});

/** When there are words to show. */
export const ready = setLanguage(localStorage.getItem(KEPT) ?? navigator.language, { keep: false });
