import { useQuery } from "@tanstack/react-query";
import dayjs from "dayjs";

import { portal } from "../api/queries";
import { today } from "../kit/days";
import { periodFilter, periodOf, type WeekBegin } from "./calendar/days";
import type { PERIODS } from "./search";

const WEEK_BEGINS: Record<string, WeekBegin> = { SUNDAY: 0, SATURDAY: 6 };

/** The first day of the week, as the portal has it. */
export const useWeekBegin = () => WEEK_BEGINS[useQuery(portal).data?.firstDayOfWeek ?? ""] ?? 1;

/** What a period asks of the API; what goes on today is still to come. */
export function whenFilter(period: (typeof PERIODS)[number] | undefined, begin: WeekBegin) {
  const day = today();
  const from = dayjs(day).toISOString();
  switch (period) {
    case "upcoming":
      return `(startTime >= "${from}" OR endTime > "${from}")`;
    case "past":
      return `startTime < "${from}" AND (NOT endTime:* OR endTime <= "${from}")`;
    case "week":
      return periodFilter(periodOf("week", day, begin));
    case "month":
      return periodFilter({ first: `${day.slice(0, 7)}-01`, days: dayjs(day).daysInMonth() });
    default:
      return "";
  }
}
