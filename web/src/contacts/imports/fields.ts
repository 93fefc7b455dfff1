import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { dictionary } from "../../api/queries";
import { networkName, NETWORKS } from "../networks";

const PLAIN = ["first_name", "last_name", "full_name", "company_name", "job_title", "description"] as const;
const MORE = ["tags", "type", "temperature", "currency", "language"] as const;
const REACH = {
  emails: ["WORK", "HOME", "OTHER"],
  phones: ["WORK", "MOBILE", "HOME", "DIRECT", "FAX", "OTHER"],
  websites: ["WORK", "HOME", "OTHER"],
} as const;
const PLACES = ["WORK", "OFFICE", "BILLING", "POSTAL", "HOME", "OTHER"] as const;
const PARTS = ["street", "city", "state", "postal_code", "country"] as const;

/** Everything that a column of a file, or a field of a form, may be: its name, and what a person calls it. */
export function useContactFieldNames() {
  const { t } = useTranslation(["imports", "contacts"]);
  const own = useQuery(dictionary("contactFields")).data?.records ?? [];
  const reach = (["emails", "phones", "websites"] as const).map((list) => ({
    group: t(`contacts:field.${list}`),
    items: REACH[list].map((category) => ({
      value: `${list}.${category.toLowerCase()}`,
      label: `${t(`contacts:field.${list}`)}: ${t(`contacts:category.${category}`)}`,
    })),
  }));
  return [
    {
      group: t("fields.name"),
      items: [...PLAIN, ...MORE].map((value) => ({ value: value as string, label: t(`fields.${value}`) })),
    },
    ...reach,
    ...PLACES.map((place) => ({
      group: `${t("contacts:field.addresses")}: ${t(`contacts:category.${place}`)}`,
      items: PARTS.map((part) => ({
        value: `addresses.${place.toLowerCase()}.${part}`,
        label: `${t(`contacts:address.${part === "postal_code" ? "postalCode" : part}`)} (${t(`contacts:category.${place}`)})`,
      })),
    })),
    {
      group: t("contacts:field.socials"),
      items: NETWORKS.map((network) => ({ value: `socials.${network.toLowerCase()}`, label: networkName(network) })),
    },
    {
      group: t("contacts:field.custom"),
      items: own
        .filter(({ kind }) => kind !== "HEADING")
        .map(({ name, label }) => ({ value: `custom.${name}`, label })),
    },
  ].filter(({ items }) => items.length > 0);
}
