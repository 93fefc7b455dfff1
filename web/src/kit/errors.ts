import { useTranslation } from "react-i18next";

import { ApiError } from "../api/errors";
import { i18n } from "../app/i18n";

/** What an error means to the person: our words for the reasons we know, the API's for the others. */
export function errorText(error: unknown): string {
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
  const known = `errors:reason.${error.reason}`;
  if (i18n.exists(known)) return i18n.t(known as "errors:title");
  if (error.code === 0) return i18n.t("errors:offline");
  if (error.unavailable) return i18n.t("errors:unavailable");
  return error.message.charAt(0).toUpperCase() + error.message.slice(1);
}

/** `errorText` that follows the language of the interface. */
export function useErrorText() {
  useTranslation();
  return errorText;
}

/** The API's field errors under the names that the form library uses: `emails[0].value` is `emails.0.value`. */
export function formErrors(error: ApiError) {
  return Object.fromEntries(
    Object.entries(error.fields).map(([path, text]) => [path.replace(/\[(\d+)\]/g, ".$1"), text]),
  );
}
