import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { contactNamed } from "../api/queries";
import type { Email, Phone, PostalAddress, Sharing } from "../api/types";
import { UserNames } from "../kit/UserName";
import { oneLine } from "./ContactDetails";
import type { ContactValues } from "./values";

function ContactTitle({ name }: { name: string }) {
  const { data } = useQuery({ ...contactNamed(name), enabled: name !== "" });
  return <>{data?.displayName ?? ""}</>;
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
      case "addresses":
        return (value as PostalAddress[])
          .map((item) => `${oneLine(item)} (${t(`category.${item.category}`)})`)
          .join("\n");
      case "managers":
        return <UserNames names={value as string[]} />;
      case "sharing":
        return t(`sharing.${value as Sharing}`);
      case "company":
        return value ? <ContactTitle name={value as string} /> : "";
      default:
        return value as string;
    }
  };
}
