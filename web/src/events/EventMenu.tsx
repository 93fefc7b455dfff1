import { Menu } from "@mantine/core";
import {
  IconCalendarCheck,
  IconCalendarDown,
  IconCalendarOff,
  IconCalendarRepeat,
  IconCalendarTime,
  IconCopy,
  IconExternalLink,
  IconLock,
  IconPencil,
  IconTrash,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { idOf } from "../api/client";
import { me } from "../api/queries";
import type { Event } from "../api/types";
import { maySayWho } from "./rights";
import { useMove } from "./shown";

type Props = { event: Event; onAccess: () => void; onMove: () => void; onDelete: () => void };

/** The items of an event's ⋯ menu, in the guide's words. */
export function EventMenu({ event, onAccess, onMove, onDelete }: Props) {
  const { t } = useTranslation("events");
  const { data: user } = useQuery(me);
  const move = useMove();
  const open = event.state === "OPEN";
  return (
    <>
      <Menu.Item
        component="a"
        href={`/${event.name}`}
        target="_blank"
        rel="noopener"
        leftSection={<IconExternalLink size={16} />}
      >
        {t("newTab")}
      </Menu.Item>
      {event.startTime && (
        <Menu.Item
          component="a"
          href={`/v1/${event.name}:calendar`}
          download
          leftSection={<IconCalendarDown size={16} />}
        >
          {t("download")}
        </Menu.Item>
      )}
      <Menu.Item
        leftSection={open ? <IconCalendarCheck size={16} /> : <IconCalendarRepeat size={16} />}
        onClick={() => move.mutate({ event, state: open ? "CLOSED" : "OPEN" })}
      >
        {t(open ? "close" : "reopen")}
      </Menu.Item>
      {open && (
        <Menu.Item
          leftSection={<IconCalendarOff size={16} />}
          onClick={() => move.mutate({ event, state: "CANCELLED" })}
        >
          {t("cancel")}
        </Menu.Item>
      )}
      <Menu.Item leftSection={<IconCalendarTime size={16} />} onClick={onMove}>
        {t("move")}
      </Menu.Item>
      {maySayWho(event, user) && (
        <Menu.Item leftSection={<IconLock size={16} />} onClick={onAccess}>
          {t("act.access")}
        </Menu.Item>
      )}
      <Menu.Item component={Link} to={`/${event.name}/edit` as "/"} leftSection={<IconPencil size={16} />}>
        {t("edit")}
      </Menu.Item>
      <Menu.Item
        component={Link}
        to="/events/new"
        search={{ copy: idOf(event.name) } as never}
        leftSection={<IconCopy size={16} />}
      >
        {t("copy")}
      </Menu.Item>
      <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={onDelete}>
        {t("delete.action")}
      </Menu.Item>
    </>
  );
}
