import { Anchor, Badge, Checkbox, Group, Tooltip } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import type { MouseEvent } from "react";
import { useTranslation } from "react-i18next";

import { dictionary, keys } from "../api/queries";
import type { Custom, Event } from "../api/types";
import { formatDay, formatPeriod } from "../kit/days";
import { Fact } from "../kit/Facts";
import { tellError } from "../kit/toasts";
import { tellUndoable } from "../kit/undo";
import { moveEvent } from "./calls";
import classes from "./events.module.css";
import { outdatedOf } from "./guests/expected";

/** When an event is: `23/11/2026 10:00 – 12:00`. */
export const whenIs = ({ startTime = "", endTime = "" }: Pick<Event, "startTime" | "endTime">) =>
  formatPeriod(startTime, endTime);

/** Closes an event, calls it off, or opens it again. */
export function useMove() {
  const { t } = useTranslation(["events", "files"]);
  const client = useQueryClient();
  const move = useMutation({
    mutationFn: ({ event, state }: { event: Event; state: Event["state"] }) => moveEvent(event, state),
    // It lasts until the lists know, so that no tick falls back for a moment.
    onSuccess: async (moved, { event }) => {
      client.setQueryData(keys.one(moved.name), moved);
      const count = outdatedOf(moved);
      const said = [t(`now.${moved.state}`, { title: moved.title }), count > 0 && t("now.untold", { count })];
      tellUndoable(said.filter(Boolean).join(" "), t("files:undo"), () =>
        move.mutateAsync({ event: moved, state: event.state }),
      );
      void client.invalidateQueries({ queryKey: keys.lists("historyEntries") });
      await client.invalidateQueries({ queryKey: keys.lists("events") });
    },
    onError: tellError,
  });
  return move;
}

/** The box left of the title, ticked when the event took place. */
export function CloseBox({ event }: { event: Event }) {
  const { t } = useTranslation("events");
  const move = useMove();
  const closed = event.state === "CLOSED";
  const off = event.state === "CANCELLED";
  const label = t("closeBox", { title: event.title });
  return (
    <Tooltip label={off ? t("state.CANCELLED") : t(closed ? "reopen" : "close")}>
      <Checkbox
        disabled={off}
        radius="xl"
        aria-label={label}
        checked={move.isPending ? !closed : closed}
        onClick={(clicked) => clicked.stopPropagation()}
        onChange={() => move.mutate({ event, state: closed ? "OPEN" : "CLOSED" })}
      />
    </Tooltip>
  );
}

/** A mark on what does not take place. */
export function Off({ event }: { event: Event }) {
  const { t } = useTranslation("events");
  if (event.state !== "CANCELLED") return null;
  return (
    <Badge variant="light" color="red" tt="none" fw={500} style={{ flex: "none" }}>
      {t("state.CANCELLED")}
    </Badge>
  );
}

/** A mark on what only some may see. */
export function Lock({ event }: { event: Event }) {
  const { t } = useTranslation("events");
  if (!event.access?.isPrivate) return null;
  return (
    <Tooltip label={t("private")}>
      <IconLock size={16} role="img" aria-label={t("private")} />
    </Tooltip>
  );
}

/** Left clicks on a title are for its row; all others are the browser's own. */
function leaveToRow(event: MouseEvent) {
  if (!event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) event.preventDefault();
}

export function EventTitle({ event }: { event: Event }) {
  return (
    <span className={classes.title}>
      <CloseBox event={event} />
      <Anchor
        component={Link}
        to={`/${event.name}` as "/"}
        onClick={leaveToRow}
        fw={500}
        c="inherit"
        inherit
        title={event.title}
        className={clsx(event.state !== "OPEN" && classes.closed)}
      >
        {event.title}
      </Anchor>
      <Off event={event} />
      <Lock event={event} />
    </span>
  );
}

/** Tags; each leads to all events that have it. */
export function Tags({ tags }: { tags: string[] }) {
  return (
    <Group gap={4}>
      {tags.map((tag) => (
        <Badge
          key={tag}
          component={Link}
          to="/events"
          search={{ tag } as never}
          variant="default"
          tt="none"
          fw={500}
          style={{ cursor: "pointer" }}
        >
          {tag}
        </Badge>
      ))}
    </Group>
  );
}

/** The values of fields of one's own. */
export function Own({ custom }: { custom: Custom }) {
  const { t } = useTranslation("events");
  const fields = useQuery(dictionary("eventFields")).data?.records ?? [];
  return fields
    .filter(({ name }) => custom[name] !== undefined && custom[name] !== "" && custom[name] !== false)
    .map(({ name, label, kind }) => {
      const value = custom[name];
      const shown = kind === "DATE" ? formatDay(String(value)) : value === true ? t("yes") : String(value);
      return (
        <Fact key={name} label={label}>
          <span className="preserve-lines">{shown}</span>
        </Fact>
      );
    });
}
