import dayjs from "dayjs";
import customParseFormat from "dayjs/plugin/customParseFormat";

dayjs.extend(customParseFormat);

/** How days are typed and shown unless the portal says otherwise, as in the guide: дд/мм/гггг. */
const GUIDE = "DD/MM/YYYY";

const ISO = "YYYY-MM-DD";

let format = GUIDE;

/** How days are typed and shown everywhere. */
export function dayFormat() {
  return format;
}

/** Follows the portal's settings: `dd.MM.yyyy`; empty for as in the guide. */
export function setDayFormat(chosen: string) {
  format = chosen.toUpperCase() || GUIDE;
}

/** The day that was typed, `2026-11-23`; undefined if there is no such day. */
export function parseDay(typed: string): string | undefined {
  const iso = dayjs(typed.trim(), ISO, true);
  if (iso.isValid()) return typed.trim();
  const [, first = "", second = "", year = ""] = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})$/.exec(typed.trim()) ?? [];
  const [day, month] = format.startsWith("MM") ? [second, first] : [first, second];
  const full = `${year.padStart(4, "20")}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  // Strictly, or 31/02 would become the third of March.
  return dayjs(full, ISO, true).isValid() ? full : undefined;
}

export function formatDay(day: string): string {
  return day ? dayjs(day, ISO).format(format) : "";
}

export function formatTime(instant: string): string {
  return instant ? dayjs(instant).format(`${format} HH:mm`) : "";
}

/** The time of the day. */
export function formatHour(instant: string): string {
  return instant ? dayjs(instant).format("HH:mm") : "";
}

/** From when to when: `23/11/2026 10:00 – 12:00`; the end may be missing. */
export function formatPeriod(start: string, end: string): string {
  if (!end) return formatTime(start);
  return `${formatTime(start)} – ${dayOf(start) === dayOf(end) ? formatHour(end) : formatTime(end)}`;
}

/** The day on which it was here, `2026-11-23`. */
export function dayOf(instant: string): string {
  return dayjs(instant).format(ISO);
}

export function today(): string {
  return dayjs().format(ISO);
}

export function addDays(day: string, days: number): string {
  return dayjs(day, ISO).add(days, "day").format(ISO);
}
