import { i18n } from "../app/i18n";

const HOUR = 60;
const DAY = 24 * HOUR;

/** What is offered; any other number of minutes an event has already is offered too. */
export const OFFERED = [15, HOUR, 2 * HOUR, DAY, 2 * DAY, 7 * DAY];

/** As many as an event may have. */
export const MOST = 5;

/** `за 2 дня` of 2880 minutes. */
export function reminderOf(minutes: number) {
  const [unit, size] =
    minutes % DAY === 0
      ? (["days", DAY] as const)
      : minutes % HOUR === 0
        ? (["hours", HOUR] as const)
        : (["minutes", 1] as const);
  return i18n.t(`events:before.${unit}`, { count: minutes / size });
}

/** Several of them, the earliest first. */
export function remindersOf(reminders: number[]) {
  return [...reminders]
    .sort((one, other) => other - one)
    .map(reminderOf)
    .join(", ");
}
