import { Anchor, Badge, Button, Group, Table, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { keys } from "../../api/queries";
import type { Mailing, MailingRecipient } from "../../api/types";
import { i18n } from "../../app/i18n";
import { Unavailable } from "../../kit/EmptyState";
import { FilterSelect } from "../../kit/FilterBar";
import { Section } from "../../kit/RecordPage";
import { fetchRecipients, isRunning, type RecipientState } from "./calls";

const STATES = ["SENT", "KEPT", "FAILED", "SKIPPED", "UNCERTAIN", "PENDING"] as const satisfies RecipientState[];

const LOOK_AGAIN_MS = 2_000;

/** What became of each who was to get the letter. */
export function RecipientList({ mailing }: { mailing: Mailing }) {
  const { t } = useTranslation("mailings");
  const [state, setState] = useState<(typeof STATES)[number]>();
  const found = useInfiniteQuery({
    queryKey: [...keys.one(mailing.name), "recipients", state, isRunning(mailing)],
    queryFn: ({ pageParam }) => fetchRecipients(mailing, state, pageParam),
    initialPageParam: "",
    getNextPageParam: ({ nextPageToken }) => nextPageToken || undefined,
    refetchInterval: isRunning(mailing) ? LOOK_AGAIN_MS : false,
    staleTime: 0,
  });
  const recipients = found.data?.pages.flatMap((page) => page.recipients) ?? [];
  return (
    <Section
      title={t("results.title")}
      action={
        <FilterSelect
          label={t("results.any")}
          value={state}
          options={STATES.map((value) => ({ value, label: t(`recipient.${value}`) }))}
          onChange={setState}
        />
      }
    >
      {found.error && <Unavailable error={found.error} onRetry={() => void found.refetch()} />}
      {found.data && recipients.length === 0 && (
        <Text size="sm" className="quiet">
          {t("results.nobody")}
        </Text>
      )}
      {recipients.length > 0 && (
        <Table aria-label={t("results.title")}>
          <Table.Tbody>
            {recipients.map((recipient) => (
              <Row key={recipient.name} recipient={recipient} />
            ))}
          </Table.Tbody>
        </Table>
      )}
      {found.hasNextPage && (
        <Group mt="sm">
          <Button variant="default" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {t("results.more")}
          </Button>
        </Group>
      )}
    </Section>
  );
}

function Row({ recipient }: { recipient: MailingRecipient }) {
  const { t } = useTranslation("mailings");
  const { contact, displayName, address, state, reason, message } = recipient;
  const key = `mailings:reason.${reason}`;
  const why = [i18n.exists(key) ? i18n.t(key as "mailings:reason.REFUSED") : reason, message].filter(Boolean);
  return (
    <Table.Tr>
      <Table.Td className="anywhere">
        <Anchor component={Link} to={`/${contact}` as "/"} inherit>
          {displayName || t("results.gone")}
        </Anchor>
        <Text size="xs" className="quiet">
          {[address, ...why].filter(Boolean).join(" · ")}
        </Text>
      </Table.Td>
      <Table.Td ta="right">
        <Badge
          variant={state === "FAILED" || state === "UNCERTAIN" ? "light" : "default"}
          color={state === "FAILED" ? "red" : "yellow"}
          tt="none"
          fw={500}
        >
          {t(`recipient.${state as (typeof STATES)[number]}`)}
        </Badge>
      </Table.Td>
    </Table.Tr>
  );
}
