import { keepPreviousData, queryOptions, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { fetchPage, keys } from "../../api/queries";
import type { Event } from "../../api/types";
import { formatDay, formatTime } from "../../kit/days";
import { tellError } from "../../kit/toasts";
import { tellUndoable } from "../../kit/undo";
import { updateEvent } from "../calls";
import { outdatedOf } from "../guests/expected";
import { eventFilter, type EventSearch } from "../search";
import { dayAt, movedBy, periodFilter, type Period } from "./days";

const AT_ONCE = 200;
const PAGES = 5;

/** The events of a period, by their time; of very many only the first thousand. */
export const eventsIn = (period: Period, { q, ...search }: EventSearch) => {
  const filter = [periodFilter(period), eventFilter(search)].filter(Boolean).join(" AND ");
  return queryOptions({
    queryKey: [...keys.lists("events"), "period", { filter, q }],
    queryFn: async () => {
      const events: Event[] = [];
      let pageToken = "";
      for (let page = 0; page < PAGES; page++) {
        const found = await fetchPage("events", { filter, q, orderBy: "start_time", pageSize: AT_ONCE, pageToken });
        events.push(...found.records);
        pageToken = found.nextPageToken;
        if (!pageToken) break;
      }
      return { events, more: pageToken !== "" };
    },
    placeholderData: keepPreviousData,
  });
};

type Times = { startTime: string; endTime: string | undefined };

/** Moves an event to another day; where it was is one click away. Until the API has agreed it is shown there already. */
export function useReschedule(onTell: (event: Event) => void) {
  const { t } = useTranslation(["events", "files"]);
  const client = useQueryClient();
  const [moving, setMoving] = useState<Record<string, Times>>({});
  const put = async (event: Event, times: Times) => {
    setMoving((before) => ({ ...before, [event.name]: times }));
    try {
      const changed = await updateEvent(event, { startTime: times.startTime, endTime: times.endTime ?? null });
      client.setQueryData(keys.one(event.name), changed);
      const count = outdatedOf(changed);
      if (count > 0)
        tellUndoable(t("tell.outdated", { count }), t("tell.offer", { count }), () => Promise.resolve(onTell(changed)));
      return changed;
    } finally {
      await client.invalidateQueries({ queryKey: keys.lists("events") });
      setMoving((before) => Object.fromEntries(Object.entries(before).filter(([name]) => name !== event.name)));
    }
  };
  const move = (event: Event, days: number, minutes = 0) => {
    // While it is on its way nobody knows its version.
    if ((days === 0 && minutes === 0) || event.name in moving) return;
    const times = movedBy(event, days, minutes);
    const { title, startTime = "", endTime } = event;
    void put(event, times).then((changed) => {
      const day = minutes ? formatTime(times.startTime) : formatDay(dayAt(times.startTime));
      tellUndoable(t("calendar.moved", { title, day }), t("files:undo"), () => put(changed, { startTime, endTime }));
    }, tellError);
  };
  const shown = (events: Event[]) => events.map((event) => ({ ...event, ...moving[event.name] }));
  return { move, shown };
}
