import { Badge, Button, Group, Table, Text } from "@mantine/core";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { answer, api, idOf } from "../api/client";
import { keys, listOf } from "../api/queries";
import type { Mail, MailState } from "../api/types";
import { formatTime } from "../kit/days";
import { FilterSelect } from "../kit/FilterBar";
import { Section } from "../kit/RecordPage";
import { Loaded } from "../kit/SettingsPage";
import { tell, tellError } from "../kit/toasts";

const STATES = ["FAILED", "QUEUED", "SENDING", "SENT", "KEPT"] as const satisfies MailState[];
const COLORS = { FAILED: "red", QUEUED: "yellow", SENDING: "yellow", SENT: "green", KEPT: "gray" } as const;

/** How often what is on its way is looked at: mail announces nothing. */
const LOOK_AGAIN_MS = 10_000;

/** What was and is to be mailed, and what became of it. */
export function MailList() {
  const { t } = useTranslation("notifications");
  const [state, setState] = useState<(typeof STATES)[number]>();
  const mails = useQuery({
    ...listOf("mails", { pageSize: 50, filter: state && `state = ${state}` }),
    placeholderData: keepPreviousData,
    refetchInterval: LOOK_AGAIN_MS,
  });
  return (
    <Section
      title={t("mails.title")}
      action={
        <FilterSelect
          label={t("mails.any")}
          value={state}
          options={STATES.map((value) => ({ value, label: t(`mailState.${value}`) }))}
          onChange={setState}
        />
      }
    >
      <Loaded query={mails}>
        {({ records }) =>
          records.length === 0 ? (
            <Text size="sm" className="quiet">
              {t("mails.nothing")}
            </Text>
          ) : (
            <Table.ScrollContainer
              minWidth={560}
              scrollAreaProps={{ viewportProps: { tabIndex: 0, role: "group", "aria-label": t("mails.title") } }}
            >
              <Table aria-label={t("mails.title")} verticalSpacing={6}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t("mails.time")}</Table.Th>
                    <Table.Th>{t("mails.to")}</Table.Th>
                    <Table.Th>{t("mails.what")}</Table.Th>
                    <Table.Th>{t("mails.state")}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {records.map((mail) => (
                    <MailRow key={mail.name} mail={mail} />
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          )
        }
      </Loaded>
    </Section>
  );
}

function MailRow({ mail }: { mail: Mail }) {
  const { t } = useTranslation("notifications");
  const client = useQueryClient();
  const retry = useMutation({
    mutationFn: () =>
      answer(api.POST("/v1/mails/{mail}:retry", { params: { path: { mail: idOf(mail.name) } }, body: {} })),
    onSuccess: () => {
      tell(t("mails.again"));
      return client.invalidateQueries({ queryKey: keys.lists("mails") });
    },
    onError: tellError,
  });
  const { state, attempts, lastError, nextAttemptTime } = mail;
  return (
    <Table.Tr>
      <Table.Td className="numeric">{formatTime(mail.createTime ?? "")}</Table.Td>
      <Table.Td className="anywhere">{mail.to}</Table.Td>
      <Table.Td>{t(`template.${mail.template}`)}</Table.Td>
      <Table.Td>
        <Group gap={8}>
          <Badge color={COLORS[state as keyof typeof COLORS] ?? "gray"} variant="dot" tt="none">
            {t(`mailState.${state}`)}
          </Badge>
          {mail.canRetry && (
            <Button size="compact-xs" variant="default" loading={retry.isPending} onClick={() => retry.mutate()}>
              {t("mails.retry")}
            </Button>
          )}
        </Group>
        {lastError && (
          <Text size="xs" className="quiet anywhere">
            {lastError}
          </Text>
        )}
        {nextAttemptTime && attempts > 0 && (
          <Text size="xs" className="quiet">
            {t("mails.next", { time: formatTime(nextAttemptTime), attempts })}
          </Text>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
