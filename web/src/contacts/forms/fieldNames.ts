import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { dictionary } from "../../api/queries";
import type { Kind, Network } from "../../api/types";
import { networkName } from "../networks";

const CATEGORIES = {
  emails: ["work", "home", "other"],
  phones: ["work", "mobile", "home", "fax", "direct", "other"],
  websites: ["work", "home", "other"],
  addresses: ["work", "home", "postal", "office", "billing", "other"],
} as const;
const PARTS = ["street", "city", "state", "postal_code", "country"] as const;
const NETWORKS = ["telegram", "whatsapp", "vk", "linkedin", "facebook", "instagram", "x", "youtube", "github", "skype"];
const PERSONAL = ["first_name", "last_name", "full_name", "job_title"];

type Field = { value: string; label: string };

/** What a form may ask for, with what it is called: the fields of a contact, and the portal's own. */
export function useFields(kind: Kind) {
  const { t } = useTranslation(["contacts", "forms"]);
  const own = useQuery(dictionary("contactFields")).data?.records ?? [];
  const category = (name: string) => t(`category.${name.toUpperCase() as "WORK"}`);
  const reach = (["emails", "phones", "websites"] as const).flatMap((group) =>
    CATEGORIES[group].map((each) => ({
      value: `${group}.${each}`,
      label: `${t(`field.${group}`)} · ${category(each)}`,
    })),
  );
  const places = CATEGORIES.addresses.flatMap((place) =>
    PARTS.map((part) => ({
      value: `addresses.${place}.${part}`,
      label: `${t("field.addresses")} (${category(place)}) · ${t(`forms:part.${part}`)}`,
    })),
  );
  const socials = NETWORKS.map((network) => ({
    value: `socials.${network}`,
    label: networkName(network.toUpperCase() as Network),
  }));
  const plain: Field[] = [...(kind === "PERSON" ? PERSONAL : []), "company_name", "description"].map((value) => ({
    value,
    label: t(`forms:field.${value as "first_name"}`),
  }));
  const custom = own
    .filter((field) => field.kind !== "HEADING" && (field.appliesTo === "CONTACT" || field.appliesTo === kind))
    .map(({ name, label }) => ({ value: `custom.${name}`, label }));
  const groups = [
    { group: t("forms:group.names"), items: plain },
    { group: t("forms:group.reach"), items: reach },
    { group: t("field.socials"), items: socials },
    { group: t("field.addresses"), items: places },
    ...(custom.length > 0 ? [{ group: t("field.custom"), items: custom }] : []),
  ];
  const labels = new Map(groups.flatMap(({ items }) => items).map(({ value, label }) => [value, label]));
  return { groups, labelOf: (path: string) => labels.get(path) ?? path };
}
