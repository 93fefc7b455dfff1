import { ActionIcon, Button, Group, ScrollArea, Text, Title } from "@mantine/core";
import { IconSettings } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { answer, api } from "../api/client";
import { keys, listOf, unreadCount } from "../api/queries";
import type { Notification } from "../api/types";
import { pathOf } from "../kit/records";
import { Loaded } from "../kit/SettingsPage";
import { tellError } from "../kit/toasts";
import classes from "./notifications.module.css";
import { NotificationRow } from "./NotificationRow";

const SHOWN = 30;

function useMarkRead() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { names: string[] } | { allUntil: string }) =>
      answer<{ unreadCount: number }>(api.POST("/v1/notifications:markRead", { body: body as { names: string[] } })),
    onSuccess: (count) => {
      client.setQueryData(unreadCount.queryKey, count);
      void client.invalidateQueries({ queryKey: keys.lists("notifications") });
    },
    onError: tellError,
  });
}

/** The newest of what one is told, and how to be done with it. */
export default function Notifications({ unread, onLeave }: { unread: number; onLeave: () => void }) {
  const { t } = useTranslation("notifications");
  const navigate = useNavigate();
  const notifications = useQuery(listOf("notifications", { pageSize: SHOWN }));
  const markRead = useMarkRead();
  const newest = notifications.data?.records[0]?.createTime;
  const open = (notification: Notification) => {
    if (notification.unread) markRead.mutate({ names: [notification.name] });
    const path = pathOf(notification.subject);
    if (!path) return;
    onLeave();
    void navigate({ to: path });
  };
  return (
    <>
      <Group justify="space-between" className={classes.head} wrap="nowrap">
        <Title order={2}>{t("title")}</Title>
        <Group gap={4} wrap="nowrap">
          <Button
            size="compact-sm"
            variant="subtle"
            disabled={unread === 0 || !newest}
            onClick={() => newest && markRead.mutate({ allUntil: newest })}
          >
            {t("readAll")}
          </Button>
          <ActionIcon
            component={Link}
            to="/profile/notifications"
            variant="subtle"
            color="gray"
            aria-label={t("settings.title")}
            onClick={onLeave}
          >
            <IconSettings size={18} />
          </ActionIcon>
        </Group>
      </Group>
      <ScrollArea.Autosize mah={420} viewportProps={{ tabIndex: 0, role: "group", "aria-label": t("title") }}>
        <Loaded query={notifications}>
          {({ records }) =>
            records.length === 0 ? (
              <Text size="sm" p="xl" ta="center" className="quiet">
                {t("nothing")}
              </Text>
            ) : (
              <ul className={classes.list}>
                {records.map((notification) => (
                  <NotificationRow
                    key={notification.name}
                    notification={notification}
                    onOpen={() => open(notification)}
                  />
                ))}
              </ul>
            )
          }
        </Loaded>
      </ScrollArea.Autosize>
    </>
  );
}
