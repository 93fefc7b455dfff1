import { IconLock } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";

import type { Event } from "../../api/types";
import { whenIs } from "../shown";
import classes from "./calendar.module.css";
import { daysBetween, spanOf } from "./days";

type Props = { event: Event; day: string; onDrag: (event: Event | undefined) => void };

/** An event on one of its days. */
export function EventChip({ event, day, onDrag }: Props) {
  const { t } = useTranslation("events");
  const { name, title, startTime = "", access, state } = event;
  const { first, last } = spanOf(event);
  const begins = first === day;
  const days = daysBetween(first, last) + 1;
  return (
    <Link
      to={`/${name}` as "/"}
      className={classes.chip}
      data-closed={state === "CLOSED" || undefined}
      data-before={first < day || undefined}
      data-after={last > day || undefined}
      title={`${title}\n${whenIs(event)}${event.place ? `\n${event.place}` : ""}`}
      draggable
      onDragStart={(drag) => {
        drag.dataTransfer.effectAllowed = "move";
        drag.dataTransfer.setData("text/plain", title);
        onDrag(event);
      }}
      onDragEnd={() => onDrag(undefined)}
    >
      {begins && <span className="numeric">{dayjs(startTime).format("HH:mm")}</span>}
      <span className={classes.chipTitle}>{title}</span>
      {days > 1 && <span className="numeric">{t("calendar.dayOf", { day: daysBetween(first, day) + 1, days })}</span>}
      {access?.isPrivate && <IconLock size={12} role="img" aria-label={t("private")} />}
    </Link>
  );
}
