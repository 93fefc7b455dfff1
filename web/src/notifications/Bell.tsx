import { ActionIcon, Indicator, Popover, VisuallyHidden } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconBell } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";

import { unreadCount } from "../api/queries";
import { withTexts } from "../app/i18n";
import classes from "./notifications.module.css";

const Notifications = lazy(withTexts(() => import("./Notifications")));

const TOO_MANY = 99;

/** What one is told: how much of it is new, and at a click all of it. */
export function Bell() {
  const { t } = useTranslation("bell");
  const [opened, popover] = useDisclosure();
  // Where the API cannot say, there is nothing to point at.
  const unread = useQuery(unreadCount).data?.unreadCount ?? 0;
  return (
    <Popover opened={opened} onChange={popover.toggle} position="bottom-end" width={380} trapFocus returnFocus>
      <Indicator
        disabled={unread === 0}
        label={unread > TOO_MANY ? `${TOO_MANY}+` : unread}
        color="red"
        size={16}
        offset={5}
      >
        <Popover.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={t("bell", { count: unread })}
            onClick={popover.toggle}
          >
            <IconBell size={20} />
          </ActionIcon>
        </Popover.Target>
      </Indicator>
      <VisuallyHidden role="status">{unread > 0 && t("unread", { count: unread })}</VisuallyHidden>
      <Popover.Dropdown p={0} aria-label={t("title")} className={classes.dropdown}>
        <Suspense>{opened && <Notifications unread={unread} onLeave={popover.close} />}</Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}
