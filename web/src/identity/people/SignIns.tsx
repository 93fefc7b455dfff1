import { ActionIcon, Group, List, Text } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { answer, api } from "../../api/client";
import { keys, listOf } from "../../api/queries";
import type { User } from "../../api/types";
import { formatTime } from "../../kit/days";
import { Section } from "../../kit/RecordPage";
import { Loaded } from "../../kit/SettingsPage";
import { tell, tellError } from "../../kit/toasts";
import { browserOf } from "../profile/browser";

/** What somebody signs in with: an administrator ends a session on a lost laptop, or a key that leaked. */
export function SignIns({ user }: { user: User }) {
  const { t } = useTranslation("people");
  const his = { user: user.name, pageSize: 200 };
  const sessions = useQuery(listOf("sessions", his));
  const apiKeys = useQuery(listOf("apiKeys", his));
  const used = (time?: string) => (time ? t("signIns.used", { time: formatTime(time) }) : t("signIns.unused"));
  return (
    <Section title={t("signIns.title")}>
      <Loaded query={sessions}>
        {({ records }) => (
          <Things
            label={t("signIns.sessions")}
            things={records.map(({ name, userAgent, address, lastUseTime }) => ({
              name,
              title: browserOf(userAgent),
              told: `${address} · ${used(lastUseTime)}`,
            }))}
          />
        )}
      </Loaded>
      <Loaded query={apiKeys}>
        {({ records }) => (
          <Things
            label={t("signIns.keys")}
            things={records.map(({ name, title, lastUseTime }) => ({ name, title, told: used(lastUseTime) }))}
          />
        )}
      </Loaded>
    </Section>
  );
}

type Thing = { name: string; title: string; told: string };

function Things({ label, things }: { label: string; things: Thing[] }) {
  const { t } = useTranslation("people");
  const client = useQueryClient();
  const end = useMutation({
    mutationFn: ({ name }: Thing) => answer(api.DELETE(`/v1/${name}` as "/v1/sessions/{session}", {} as never)),
    onSuccess: async (_, { name, title }) => {
      tell(t("signIns.ended", { title }));
      await client.invalidateQueries({ queryKey: keys.lists(name.split("/")[0] ?? "") });
    },
    onError: tellError,
  });
  return (
    <>
      <Text size="sm" fw={600} mt="xs">
        {label}
      </Text>
      {things.length === 0 && (
        <Text size="sm" className="quiet">
          {t("signIns.nothing")}
        </Text>
      )}
      <List listStyleType="none" size="sm" aria-label={label}>
        {things.map((thing) => (
          <List.Item key={thing.name}>
            <Group gap={8}>
              <span className="anywhere">{thing.title}</span>
              <span className="quiet">{thing.told}</span>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t("signIns.end", { title: thing.title })}
                onClick={() => end.mutate(thing)}
              >
                <IconTrash size={16} />
              </ActionIcon>
            </Group>
          </List.Item>
        ))}
      </List>
    </>
  );
}
