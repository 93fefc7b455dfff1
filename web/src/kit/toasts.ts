import { notifications } from "@mantine/notifications";

import { ApiError } from "../api/errors";
import { i18n } from "../app/i18n";
import { errorText } from "./errors";

/** A short word that something worked. */
export function tell(message: string) {
  notifications.show({ message, color: "green" });
}

/** What did not work, where there is no better place to say it. It stays until it was read. */
export function tellError(error: unknown) {
  const id =
    error instanceof ApiError && error.requestId ? ` (${i18n.t("errors:requestId", { id: error.requestId })})` : "";
  notifications.show({ title: i18n.t("errors:title"), message: errorText(error) + id, color: "red", autoClose: false });
}
