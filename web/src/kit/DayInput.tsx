import "@mantine/dates/styles.css";

import { DateInput, DatesProvider, type DateInputProps } from "@mantine/dates";
import { useQuery } from "@tanstack/react-query";
import { useState, type FocusEvent } from "react";
import { useTranslation } from "react-i18next";

import { portal } from "../api/queries";
import { dayFormat, parseDay } from "./days";

const WEEK_BEGINS = { SUNDAY: 0, SATURDAY: 6 } as const;

/** A day, typed as the portal writes days or picked from the calendar. What is no day is told, and not taken. */
export function DayInput({ error, onBlur, onChange, ...props }: DateInputProps) {
  const { t, i18n } = useTranslation("kit");
  const [wrong, setWrong] = useState("");
  const leave = (event: FocusEvent<HTMLInputElement>) => {
    const typed = event.currentTarget.value.trim();
    setWrong(typed && !parseDay(typed) ? typed : "");
    onBlur?.(event);
  };
  const first = useQuery(portal).data?.firstDayOfWeek;
  const letters = { D: t("dayLetter"), M: t("monthLetter"), Y: t("yearLetter") };
  return (
    <DatesProvider
      settings={{ locale: i18n.language, firstDayOfWeek: WEEK_BEGINS[first as keyof typeof WEEK_BEGINS] ?? 1 }}
    >
      <DateInput
        valueFormat={dayFormat()}
        dateParser={(typed) => parseDay(typed) ?? null}
        placeholder={dayFormat().replace(/[DMY]/g, (letter) => letters[letter as keyof typeof letters])}
        previousLabel={t("calendar.previous")}
        nextLabel={t("calendar.next")}
        error={error || (wrong && t("noSuchDay", { typed: wrong }))}
        onBlur={leave}
        onChange={(day) => {
          if (day) setWrong("");
          onChange?.(day);
        }}
        {...props}
      />
    </DatesProvider>
  );
}
