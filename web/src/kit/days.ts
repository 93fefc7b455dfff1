import dayjs from "dayjs";
import customParseFormat from "dayjs/plugin/customParseFormat";

dayjs.extend(customParseFormat);

/** How days are typed and shown everywhere, as in the guide: дд/мм/гггг. */
export const DAY_FORMAT = "DD/MM/YYYY";

const ISO = "YYYY-MM-DD";

/** The day that was typed, `2026-11-23`; undefined if there is no such day. */
export function parseDay(typed: string): string | undefined {
  const [, day = "", month = "", year = ""] = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})$/.exec(typed.trim()) ?? [];
  const full = `${day.padStart(2, "0")}/${month.padStart(2, "0")}/${year.padStart(4, "20")}`;
  // Strictly, or 31/02 would become the third of March.
  const parsed = dayjs(full, DAY_FORMAT, true);
  return parsed.isValid() ? parsed.format(ISO) : undefined;
}

export function formatDay(day: string): string {
  return day ? dayjs(day, ISO).format(DAY_FORMAT) : "";
}

export function formatTime(instant: string): string {
  return instant ? dayjs(instant).format(`${DAY_FORMAT} HH:mm`) : "";
}

export function today(): string {
  return dayjs().format(ISO);
}

export function addDays(day: string, days: number): string {
  return dayjs(day, ISO).add(days, "day").format(ISO);
}
