import { Select, type SelectProps } from "@mantine/core";
import { useTranslation } from "react-i18next";

const ZONES = Intl.supportedValuesOf("timeZone");

/** Chooses a time zone by any part of its name. */
export function TimeZoneSelect(props: SelectProps) {
  const { t } = useTranslation("kit");
  const data = [...new Set(["UTC", ...(props.value ? [props.value] : []), ...ZONES])];
  return <Select searchable allowDeselect={false} nothingFoundMessage={t("nothingFound")} data={data} {...props} />;
}
