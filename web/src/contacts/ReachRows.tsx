import { NativeSelect, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { EmailCategory, PhoneCategory } from "../api/types";
import type { ContactFormApi } from "./ContactFields";
import classes from "./contacts.module.css";
import { networkName, NETWORKS } from "./networks";
import { RemoveRow, RowGroup, StarRow } from "./RowGroup";
import { EMAIL, PHONE, SOCIAL, WEBSITE } from "./values";

const EMAIL_CATEGORIES: EmailCategory[] = ["WORK", "HOME", "OTHER"];
const PHONE_CATEGORIES: PhoneCategory[] = ["WORK", "MOBILE", "HOME", "DIRECT", "FAX", "OTHER"];

type Props = { form: ContactFormApi };

export function EmailRows({ form }: Props) {
  return <Rows form={form} list="emails" type="email" categories={EMAIL_CATEGORIES} empty={EMAIL} />;
}

export function PhoneRows({ form }: Props) {
  return <Rows form={form} list="phones" type="tel" categories={PHONE_CATEGORIES} empty={PHONE} />;
}

export function WebsiteRows({ form }: Props) {
  return <Rows form={form} list="websites" type="url" categories={EMAIL_CATEGORIES} empty={WEBSITE} />;
}

export function SocialRows({ form }: Props) {
  return <Rows form={form} list="socials" type="text" categories={EMAIL_CATEGORIES} empty={SOCIAL} />;
}

type RowsProps = Props & {
  list: "emails" | "phones" | "websites" | "socials";
  type: "email" | "tel" | "url" | "text";
  categories: PhoneCategory[];
  empty: typeof EMAIL | typeof PHONE | typeof WEBSITE | typeof SOCIAL;
};

/** E-mails, phones, websites or accounts: each with what it is for, one of them the primary. */
function Rows({ form, list, type, categories, empty }: RowsProps) {
  const { t } = useTranslation("contacts");
  const items = form.getValues()[list];
  return (
    <RowGroup
      label={t(`field.${list}`)}
      add={t(`addRow.${list}`)}
      onAdd={() => form.insertListItem(list, { ...empty, primary: items.length === 0 })}
    >
      {items.map((_, index) => (
        <div key={index} className={list === "socials" ? classes.social : classes.reach}>
          {list === "socials" && (
            <NativeSelect
              aria-label={t("row.network", { of: t("row.socials", { number: index + 1 }) })}
              data={NETWORKS.map((value) => ({ value, label: networkName(value) }))}
              {...form.getInputProps(`socials.${index}.network`)}
            />
          )}
          <TextInput
            aria-label={t(`row.${list}`, { number: index + 1 })}
            type={type}
            autoComplete="off"
            {...form.getInputProps(`${list}.${index}.value`)}
          />
          <NativeSelect
            aria-label={t("row.category", { of: t(`row.${list}`, { number: index + 1 }) })}
            data={categories.map((value) => ({ value, label: t(`category.${value}`) }))}
            {...form.getInputProps(`${list}.${index}.category`)}
          />
          <StarRow form={form} list={list} index={index} />
          <RemoveRow form={form} list={list} index={index} />
        </div>
      ))}
    </RowGroup>
  );
}
