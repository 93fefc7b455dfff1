import { Group, NativeSelect, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { AddressCategory } from "../api/types";
import type { ContactFormApi } from "./ContactFields";
import classes from "./contacts.module.css";
import { RemoveRow, RowGroup, StarRow } from "./RowGroup";
import { ADDRESS } from "./values";

const CATEGORIES: AddressCategory[] = ["WORK", "OFFICE", "BILLING", "POSTAL", "HOME", "OTHER"];

const PARTS = [
  ["street", "wide"],
  ["city", "half"],
  ["postalCode", "half"],
  ["state", "half"],
  ["country", "half"],
] as const;

/** Postal addresses: each with what it is for, one of them the primary. */
export function AddressRows({ form }: { form: ContactFormApi }) {
  const { t } = useTranslation("contacts");
  const { addresses } = form.getValues();
  return (
    <RowGroup
      label={t("field.addresses")}
      add={t("addRow.addresses")}
      onAdd={() => form.insertListItem("addresses", { ...ADDRESS, primary: addresses.length === 0 })}
    >
      {addresses.map((_, index) => {
        const address = t("row.addresses", { number: index + 1 });
        return (
          <div key={index} className={classes.address} role="group" aria-label={address}>
            <Group className={classes.wide} gap={8}>
              <NativeSelect
                aria-label={t("row.category", { of: address })}
                data={CATEGORIES.map((value) => ({ value, label: t(`category.${value}`) }))}
                {...form.getInputProps(`addresses.${index}.category`)}
              />
              <div style={{ flex: 1 }} />
              <StarRow form={form} list="addresses" index={index} />
              <RemoveRow form={form} list="addresses" index={index} />
            </Group>
            {PARTS.map(([part, width]) => (
              <TextInput
                key={part}
                className={classes[width]}
                label={t(`address.${part}`)}
                autoComplete="off"
                {...form.getInputProps(`addresses.${index}.${part}`)}
              />
            ))}
          </div>
        );
      })}
    </RowGroup>
  );
}
