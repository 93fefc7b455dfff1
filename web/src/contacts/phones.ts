import { i18n } from "../app/i18n";
import type { Phone } from "../api/types";

/** A number as it is written in its country; its extension as the reader calls it. */
export function shownPhone({ value, national }: Pick<Phone, "value" | "national">) {
  return (national || value).replace(
    /(?: ext\. |;ext=)(\d+)$/,
    (_, number) => ` ${i18n.t("contacts:extension", { number })}`,
  );
}
