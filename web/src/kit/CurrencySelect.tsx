import { Select, type SelectProps } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { CURRENCIES } from "./money";

/** Chooses a currency by its code or its name in the interface's language. */
export function CurrencySelect(props: SelectProps) {
  const { t, i18n } = useTranslation("kit");
  const { value } = props;
  const data = useMemo(() => {
    const names = new Intl.DisplayNames(i18n.language, { type: "currency" });
    const codes = value && !CURRENCIES.includes(value) ? [value, ...CURRENCIES] : CURRENCIES;
    return codes.map((code) => ({ value: code, label: `${code} · ${names.of(code) ?? code}` }));
  }, [i18n.language, value]);
  return <Select searchable allowDeselect={false} nothingFoundMessage={t("nothingFound")} data={data} {...props} />;
}
