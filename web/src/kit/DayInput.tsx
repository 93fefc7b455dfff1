import "@mantine/dates/styles.css";

import { DateInput, DatesProvider, type DateInputProps } from "@mantine/dates";
import { useTranslation } from "react-i18next";

import { DAY_FORMAT, parseDay } from "./days";

/** A day, typed as dd/mm/yyyy or picked from the calendar. */
export function DayInput(props: DateInputProps) {
  const { t, i18n } = useTranslation("kit");
  return (
    <DatesProvider settings={{ locale: i18n.language, firstDayOfWeek: 1 }}>
      <DateInput
        valueFormat={DAY_FORMAT}
        dateParser={(typed) => parseDay(typed) ?? null}
        placeholder={t("dayPlaceholder")}
        previousLabel={t("calendar.previous")}
        nextLabel={t("calendar.next")}
        {...props}
      />
    </DatesProvider>
  );
}
