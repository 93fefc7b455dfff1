import { Anchor } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import dayjs from "dayjs";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";

import type { Event } from "../../api/types";
import { today } from "../../kit/days";
import classes from "./calendar.module.css";
import { byDay, dayByKey, daysBetween, daysIn, type Period, type WeekBegin } from "./days";
import { EventChip } from "./EventChip";
import type { View } from "./search";

/** So many events of a day are named in a month. */
const NAMED = 4;

type Props = {
  label: string;
  view: Exclude<View, "agenda">;
  /** The day that has the keyboard. */
  day: string;
  period: Period;
  begin: WeekBegin;
  events: Event[];
  onDay: (day: string) => void;
  onNew: (day: string) => void;
  onMove: (event: Event, days: number) => void;
};

/** Days in weeks, each with its events. Arrows go from day to day, Enter makes an event on one. */
export function Grid({ label, view, day, period, begin, events, onDay, onNew, onMove }: Props) {
  const { i18n } = useTranslation();
  const grid = useRef<HTMLDivElement>(null);
  // The focus follows the arrows, over the edge of the period too.
  const following = useRef(false);
  const [dragged, setDragged] = useState<{ event: Event; from: string }>();
  const days = daysIn(period);
  const found = byDay(events, days);
  const weeks = Array.from({ length: days.length / 7 }, (_, week) => days.slice(7 * week, 7 * week + 7));
  const weekday = new Intl.DateTimeFormat(i18n.language, { weekday: "short" });
  useEffect(() => {
    if (!following.current) return;
    following.current = false;
    grid.current?.querySelector<HTMLElement>(`[data-day="${day}"]`)?.focus();
  }, [day]);
  const press = (pressed: KeyboardEvent<HTMLElement>) => {
    if (pressed.ctrlKey || pressed.metaKey || pressed.altKey) return;
    const { dataset } = pressed.target as HTMLElement;
    if (!dataset.day) return;
    const next = dayByKey(pressed.key, dataset.day, begin);
    if (!next && pressed.key !== "Enter") return;
    pressed.preventDefault();
    pressed.stopPropagation();
    if (!next) return onNew(dataset.day);
    following.current = true;
    onDay(next);
  };
  return (
    <div ref={grid} role="grid" aria-label={label} className={classes.grid} data-view={view} onKeyDown={press}>
      <div role="row" className={classes.week}>
        {weeks[0]?.map((known) => (
          <div key={known} role="columnheader" className={classes.weekday}>
            {weekday.format(dayjs(known).toDate())}
          </div>
        ))}
      </div>
      {weeks.map((week) => (
        <div key={week[0]} role="row" className={classes.week}>
          {week.map((known) => (
            <Day
              key={known}
              {...{ view, onNew }}
              day={known}
              chosen={known === day}
              outside={view === "month" && known.slice(0, 7) !== day.slice(0, 7)}
              events={found.get(known) ?? []}
              onDrag={(event) => setDragged(event && { event, from: known })}
              onDrop={dragged && (() => onMove(dragged.event, daysBetween(dragged.from, known)))}
            />
          ))}
        </div>
      ))}
    </div>
  );
}

type DayProps = {
  view: Props["view"];
  day: string;
  chosen: boolean;
  /** Whether it belongs to the month before or after. */
  outside: boolean;
  events: Event[];
  onNew: (day: string) => void;
  onDrag: (event: Event | undefined) => void;
  onDrop: (() => void) | undefined;
};

function Day({ view, day, chosen, outside, events, onNew, onDrag, onDrop }: DayProps) {
  const { t, i18n } = useTranslation("events");
  const [over, setOver] = useState(false);
  const spelled = new Intl.DateTimeFormat(i18n.language, { weekday: "long", day: "numeric", month: "long" });
  const named = view === "month" && events.length > NAMED ? events.slice(0, NAMED - 1) : events;
  const unnamed = events.length - named.length;
  return (
    <div
      role="gridcell"
      tabIndex={chosen ? 0 : -1}
      className={classes.day}
      data-day={day}
      data-outside={outside || undefined}
      data-over={over || undefined}
      aria-current={day === today() ? "date" : undefined}
      aria-label={t("calendar.day", { day: spelled.format(dayjs(day).toDate()), count: events.length })}
      onClick={(click) => {
        if (!(click.target as HTMLElement).closest("a")) onNew(day);
      }}
      onDragOver={(drag) => {
        if (!onDrop) return;
        drag.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(drop) => {
        drop.preventDefault();
        setOver(false);
        onDrop?.();
      }}
    >
      <span className={classes.number}>{dayjs(day).date()}</span>
      {named.map((event) => (
        <EventChip key={event.name} {...{ event, day, onDrag }} />
      ))}
      {unnamed > 0 && (
        <Anchor
          component={Link}
          className={classes.more}
          to="/events/calendar"
          search={((search: object) => ({ ...search, view: "week", day })) as never}
          size="xs"
        >
          {t("calendar.more", { count: unnamed })}
        </Anchor>
      )}
    </div>
  );
}
