import { ActionIcon, Tooltip } from "@mantine/core";
import { IconCalendarMonth, IconList } from "@tabler/icons-react";
import { Link, useRouterState } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import type { EventSearch } from "./search";

const VIEWS = [
  { view: "list", to: "/events", icon: <IconList size={18} /> },
  { view: "calendar", to: "/events/calendar", icon: <IconCalendarMonth size={18} /> },
] as const;

/** Events as a list or as a calendar; what was filtered stays filtered. */
export function ViewSwitch({ current }: { current: "list" | "calendar" }) {
  const { t } = useTranslation("events");
  const { q, state, tag, participant, creator } = useRouterState({
    select: ({ location }) => location.search as EventSearch,
  });
  return (
    <ActionIcon.Group>
      {VIEWS.map(({ view, to, icon }) => (
        <Tooltip key={view} label={t(`as.${view}`)}>
          <ActionIcon
            component={Link}
            to={to}
            search={{ q, state, tag, participant, creator } as never}
            size={36}
            variant={view === current ? "light" : "default"}
            aria-label={t(`as.${view}`)}
            aria-current={view === current ? "page" : undefined}
          >
            {icon}
          </ActionIcon>
        </Tooltip>
      ))}
    </ActionIcon.Group>
  );
}
