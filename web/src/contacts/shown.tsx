import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { contactNamed, dictionary } from "../api/queries";
import type { Custom, Email, Phone, PostalAddress, Sharing, Social, Website } from "../api/types";
import { LANGUAGES } from "../app/i18n";
import { UserNames } from "../kit/UserName";
import { oneLine } from "./ContactDetails";
import { networkName } from "./networks";
import { Titled } from "./Titled";
import type { ContactValues } from "./values";

function ContactTitle({ name }: { name: string }) {
  const { data } = useQuery({ ...contactNamed(name), enabled: name !== "" });
  return <>{data?.displayName ?? ""}</>;
}

function OwnValues({ custom }: { custom: Custom }) {
  const fields = useQuery(dictionary("contactFields")).data?.records ?? [];
  const shown = fields.filter(({ name }) => custom[name] !== undefined);
  return <>{shown.map(({ name, label }) => `${label}: ${String(custom[name])}`).join("\n")}</>;
}

/** Shows the value of a contact's field as a person reads it. */
export function useShownValue() {
  const { t } = useTranslation("contacts");
  return (field: keyof ContactValues, value: unknown): ReactNode => {
    switch (field) {
      case "emails":
      case "phones":
        return (value as (Email | Phone)[])
          .map((item) => `${item.value} (${t(`category.${item.category}`)})`)
          .join("\n");
      case "websites":
        return (value as Website[]).map((item) => item.value).join("\n");
      case "socials":
        return (value as Social[]).map((item) => `${networkName(item.network)}: ${item.value}`).join("\n");
      case "tags":
        return (value as string[]).join(", ");
      case "type":
      case "temperature":
        return <Titled name={value as string} />;
      case "custom":
        return <OwnValues custom={value as Custom} />;
      case "addresses":
        return (value as PostalAddress[])
          .map((item) => `${oneLine(item)} (${t(`category.${item.category}`)})`)
          .join("\n");
      case "managers":
        return <UserNames names={value as string[]} />;
      case "language":
        return LANGUAGES.find((known) => known.value === value)?.label;
      case "sharing":
        return t(`sharing.${value as Sharing}`);
      case "company":
        return value ? <ContactTitle name={value as string} /> : "";
      default:
        return value as string;
    }
  };
}
