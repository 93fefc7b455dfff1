import { Anchor, Badge } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";

import type { Event } from "../../api/types";
import { formatDay, today } from "../../kit/days";
import { Lock, Off, whenIs } from "../shown";
import classes from "./calendar.module.css";
import { spanOf, type Period } from "./days";

/** `10:00 – 12:00`, or with its days where they are several. */
function timeOf(event: Event) {
  const { first, last } = spanOf(event);
  if (first !== last) return whenIs(event);
  const { startTime = "", endTime } = event;
  return [startTime, endTime]
    .map((instant) => instant && dayjs(instant).format("HH:mm"))
    .filter(Boolean)
    .join(" – ");
}

/** Events one below the other, under their days; what goes on since earlier is under the first. */
export function Agenda({ label, period, events }: { label: string; period: Period; events: Event[] }) {
  const { t, i18n } = useTranslation("events");
  const spelled = new Intl.DateTimeFormat(i18n.language, { weekday: "long", day: "numeric", month: "long" });
  const days = new Map<string, Event[]>();
  for (const event of events) {
    const { first } = spanOf(event);
    const day = first < period.first ? period.first : first;
    days.set(day, [...(days.get(day) ?? []), event]);
  }
  return (
    <div className={classes.agenda} role="region" aria-label={label}>
      {[...days].sort().map(([day, found]) => (
        <section key={day}>
          <h2 className={classes.agendaDay} title={formatDay(day)}>
            <span className={classes.spelled}>{spelled.format(dayjs(day).toDate())}</span>
            {day === today() && (
              <Badge variant="light" tt="none" ml="xs">
                {t("calendar.today")}
              </Badge>
            )}
          </h2>
          <ul className={classes.agendaList}>
            {found.map((event) => (
              <li key={event.name} className={classes.agendaRow}>
                <span className="numeric quiet">{timeOf(event)}</span>
                <span>
                  <Anchor
                    component={Link}
                    to={`/${event.name}` as "/"}
                    inherit
                    fw={500}
                    className={event.state === "OPEN" ? "anywhere" : classes.closed}
                  >
                    {event.title}
                  </Anchor>{" "}
                  <Off event={event} /> <Lock event={event} />
                  {event.place && <span className="quiet anywhere"> · {event.place}</span>}
                </span>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
