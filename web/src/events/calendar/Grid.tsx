import { Anchor } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import dayjs from "dayjs";
import { useEffect, useRef, useState, type FocusEvent, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";

import type { Event } from "../../api/types";
import { addDays, today } from "../../kit/days";
import classes from "./calendar.module.css";
import {
  byDay,
  dayByKey,
  daysBetween,
  daysIn,
  hoursOf,
  placed,
  spanOf,
  type Period,
  type Placed,
  type WeekBegin,
} from "./days";
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
  onMove: (event: Event, days: number, minutes?: number) => void;
};

/** How far Alt and an arrow move an event: by days, and by minutes. */
const STEPS = {
  month: { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [-7, 0], ArrowDown: [7, 0] },
  week: { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -30], ArrowDown: [0, 30] },
} as const;

/**
 * Days in weeks, each with its events. Arrows go from day to day, Enter makes an event on one,
 * Alt and an arrow move the event that has the focus.
 */
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
  // So does that of an event that was moved.
  const moved = useRef<string>(undefined);
  useEffect(() => {
    if (!moved.current) return;
    const chip = grid.current?.querySelector<HTMLElement>(`[data-event="${moved.current}"]`);
    if (document.activeElement === document.body) chip?.focus();
  });
  const moveByKey = (event: Event, key: string, from: string) => {
    const [days, minutes] = STEPS[view][key as keyof typeof STEPS.week];
    moved.current = event.name;
    onMove(event, days, minutes);
    if (days !== 0) onDay(addDays(from, days));
  };
  const hours = view === "week" ? hoursOf(days.flatMap((known) => placed(timed(found.get(known) ?? [])))) : [];
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
  const leave = ({ relatedTarget }: FocusEvent) => {
    if (relatedTarget) moved.current = undefined;
  };
  return (
    <div
      ref={grid}
      role="grid"
      aria-label={label}
      className={classes.grid}
      data-view={view}
      onKeyDown={press}
      onBlur={leave}
    >
      <div role="row" className={classes.week}>
        {view === "week" && <span aria-hidden />}
        {weeks[0]?.map((known) => (
          <div key={known} role="columnheader" className={classes.weekday}>
            {weekday.format(dayjs(known).toDate())}
          </div>
        ))}
      </div>
      {weeks.map((week) => (
        <div key={week[0]} role="row" className={classes.week}>
          {view === "week" && (
            <div aria-hidden className={classes.hourNames}>
              {hours.map((hour) => (
                <span key={hour}>{`${hour}:00`}</span>
              ))}
            </div>
          )}
          {week.map((known) => (
            <Day
              key={known}
              {...{ view, hours, onNew }}
              day={known}
              chosen={known === day}
              outside={view === "month" && known.slice(0, 7) !== day.slice(0, 7)}
              events={found.get(known) ?? []}
              onMove={(event, key) => moveByKey(event, key, known)}
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
  /** In a week, those that are shown. */
  hours: number[];
  day: string;
  chosen: boolean;
  /** Whether it belongs to the month before or after. */
  outside: boolean;
  events: Event[];
  onNew: (day: string) => void;
  onDrag: (event: Event | undefined) => void;
  onDrop: (() => void) | undefined;
  onMove: (event: Event, key: string) => void;
};

/** Those that begin and end on one day; the others stand above the hours. */
const timed = (events: Event[]) =>
  events.filter((event) => {
    const { first, last } = spanOf(event);
    return first === last;
  });

/** How high an hour is, in pixels. */
const HOUR = 48;

function placeOf({ from, to, lane, lanes }: Placed<Event>, first: number) {
  const top = ((from - first * 60) / 60) * HOUR;
  return { top, height: ((to - from) / 60) * HOUR, left: `${(100 * lane) / lanes}%`, width: `${100 / lanes}%` };
}

function Day({ view, hours, day, chosen, outside, events, onNew, onDrag, onDrop, onMove }: DayProps) {
  const { t, i18n } = useTranslation("events");
  const [over, setOver] = useState(false);
  const spelled = new Intl.DateTimeFormat(i18n.language, { weekday: "long", day: "numeric", month: "long" });
  const byHours = view === "week" ? placed(timed(events)) : [];
  const above = events.filter((event) => !byHours.some((one) => one.event === event));
  const named = view === "month" && events.length > NAMED ? events.slice(0, NAMED - 1) : above;
  const unnamed = view === "month" ? events.length - named.length : 0;
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
      <div className={classes.chips}>
        {named.map((event) => (
          <EventChip key={event.name} {...{ event, day, onDrag, onMove }} />
        ))}
      </div>
      {view === "week" && (
        <div className={classes.hours} style={{ height: hours.length * HOUR }}>
          {byHours.map((one) => (
            <EventChip
              key={one.event.name}
              {...{ day, onDrag, onMove }}
              event={one.event}
              style={placeOf(one, hours[0] ?? 0)}
            />
          ))}
        </div>
      )}
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
