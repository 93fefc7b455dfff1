import { IconLock } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import dayjs from "dayjs";
import type { CSSProperties } from "react";
import { useTranslation } from "react-i18next";

import type { Event } from "../../api/types";
import { whenIs } from "../shown";
import classes from "./calendar.module.css";
import { daysBetween, spanOf } from "./days";

type Props = {
  event: Event;
  day: string;
  /** Where it stands among the hours of a day. */
  style?: CSSProperties;
  onDrag: (event: Event | undefined) => void;
  onMove: (event: Event, key: string) => void;
};

/** In pixels. */
const ROOM_FOR_TWO_LINES = 40;

const KEYS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];

/** An event on one of its days. */
export function EventChip({ event, day, style, onDrag, onMove }: Props) {
  const { t } = useTranslation("events");
  const { name, title, startTime = "", access, state } = event;
  const { first, last } = spanOf(event);
  const begins = first === day;
  const days = daysBetween(first, last) + 1;
  return (
    <Link
      to={`/${name}` as "/"}
      className={classes.chip}
      data-closed={state !== "OPEN" || undefined}
      data-before={first < day || undefined}
      data-after={last > day || undefined}
      title={[title, state === "CANCELLED" && t("state.CANCELLED"), whenIs(event), event.place]
        .filter(Boolean)
        .join("\n")}
      style={style}
      data-event={name}
      data-timed={style ? true : undefined}
      data-short={Number(style?.height) < ROOM_FOR_TWO_LINES || undefined}
      aria-keyshortcuts={KEYS.map((key) => `Alt+${key}`).join(" ")}
      onKeyDown={(pressed) => {
        if (!pressed.altKey || !KEYS.includes(pressed.key)) return;
        // Elsewhere Alt and an arrow lead to the page before.
        pressed.preventDefault();
        onMove(event, pressed.key);
      }}
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
