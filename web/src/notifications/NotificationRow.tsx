import { Text, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { IconArrowsExchange, IconShieldLock, IconUserPlus, type Icon } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { Notification, NotificationKind } from "../api/types";
import { formatTime } from "../kit/days";
import classes from "./notifications.module.css";

const ICONS: Partial<Record<NotificationKind, Icon>> = {
  RECORD_ASSIGNED: IconUserPlus,
  RECORDS_HANDED_OVER: IconArrowsExchange,
  SECURITY: IconShieldLock,
};

/** One thing that one is told; a click opens the record it is about. */
export function NotificationRow({ notification, onOpen }: { notification: Notification; onOpen: () => void }) {
  const { t } = useTranslation("notifications");
  const { text, createTime, unread, kind } = notification;
  const Icon = ICONS[kind] ?? IconUserPlus;
  return (
    <li>
      <UnstyledButton className={classes.row} data-unread={unread || undefined} onClick={onOpen}>
        <Icon size={18} aria-hidden className={classes.icon} />
        <span className={classes.text}>
          <Text span size="sm" fw={unread ? 600 : 400} className="anywhere">
            {unread && <VisuallyHidden>{t("new")} </VisuallyHidden>}
            {text}
          </Text>
          <Text span size="xs" className="quiet">
            {formatTime(createTime ?? "")}
          </Text>
        </span>
      </UnstyledButton>
    </li>
  );
}
