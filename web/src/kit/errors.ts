import { useTranslation } from "react-i18next";

import { ApiError } from "../api/errors";
import { i18n } from "../app/i18n";

/**
 * What an error means to the person: our words for the reasons we know, once they are there (more.ts), and the API's
 * for the others.
 */
export function errorText(error: unknown): string {
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
  const known = `reasons:${error.reason}`;
  if (i18n.exists(known)) return i18n.t(known as "errors:title");
  if (error.code === 0) return i18n.t("errors:offline");
  if (error.unavailable) return i18n.t("errors:unavailable");
  return sentence(error.message);
}

export const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * The one thing to say of an error. Complaints about fields that a form marks itself (`marked`: their names) are not
 * repeated; where nothing is marked they are what there is to say, unless we have words of our own for the reason.
 */
function summary(error: unknown, marked: readonly string[]): string {
  if (!(error instanceof ApiError) || Object.keys(error.fields).length === 0) return errorText(error);
  const elsewhere = Object.entries(error.fields).filter(([path]) => !marked.includes(/^\w+/.exec(path)?.[0] ?? ""));
  if (elsewhere.length === 0) return i18n.t("reasons:INVALID_FIELDS");
  const general = error.reason === "INVALID_FIELDS" || !i18n.exists(`reasons:${error.reason}`);
  return general ? sentence(elsewhere.map(([, text]) => text).join("; ")) : errorText(error);
}

/** `summary` that follows the language of the interface. */
export function useSummary() {
  useTranslation();
  return summary;
}

/** The API's field errors under the names that the form library uses: `emails[0].value` is `emails.0.value`. */
export function formErrors(error: ApiError) {
  return Object.fromEntries(
    Object.entries(error.fields).map(([path, text]) => [path.replace(/\[(\d+)\]/g, ".$1"), sentence(text)]),
  );
}

/** Whether the address asks for a page of another list: to ask again would not help, the first page does. */
export function isLostPage(error: unknown) {
  return error instanceof ApiError && error.reason === "INVALID_PAGE_TOKEN";
}

/** Whether the address names what can be no record: `/contacts/abc`. */
export function isNoName(error: unknown) {
  return error instanceof ApiError && error.code === 400 && "name" in error.fields;
}

/** Whether the record is not there (any more), or not for us. */
export function isGone(error: unknown) {
  return error instanceof ApiError && error.code === 404;
}
