import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { dictionary } from "../../api/queries";
import { i18n } from "../../app/i18n";

/** What a merge tag is called: `first_name`, `custom.contactFields/4`. */
export function useTagTitle() {
  useTranslation("mailings");
  const own = useQuery(dictionary("contactFields")).data?.records ?? [];
  return (tag: string) => {
    const key = `mailings:tags.${tag}`;
    const field = own.find(({ name }) => tag === `custom.${name}`);
    return field?.label ?? (i18n.exists(key) ? i18n.t(key as "mailings:tags.company") : tag);
  };
}
