import { List, Skeleton, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { eventNamed, fetchPage, keys } from "../api/queries";
import type { Event } from "../api/types";
import { DeleteDialog } from "../kit/DeleteDialog";
import { deleteEvent, SILENTLY } from "./calls";
import { CallOff } from "./guests/CallOff";
import { expectedOf } from "./guests/expected";

type Props = { event: Event; onDone: () => void; onClose: () => void };

/** Asks before an event is deleted with all that belongs to it. */
export function DeleteEvent({ event, onDone, onClose }: Props) {
  const { t } = useTranslation("events");
  const client = useQueryClient();
  const [telling, setTelling] = useState(SILENTLY);
  const { title } = event;
  return (
    <DeleteDialog
      record={event}
      title={t("delete.title", { title })}
      consequence={t("delete.consequence")}
      done={t("delete.done", { title })}
      details={
        <>
          <WhatGoes event={event} />
          <CallOff count={expectedOf(event)} value={telling} onChange={setTelling} />
        </>
      }
      remove={(version) => deleteEvent(version, telling)}
      fetchLatest={(name) => client.fetchQuery({ ...eventNamed(name), staleTime: 0 })}
      onDone={onDone}
      onClose={onClose}
    />
  );
}

/** How much of what belongs to an event goes with it. */
function WhatGoes({ event: { name, participantCount } }: { event: Event }) {
  const { t } = useTranslation("events");
  const counts = useQuery({
    queryKey: [...keys.one(name), "goes"],
    queryFn: async () => {
      const wanted = { pageSize: 1, filter: `subject = "${name}"` };
      const [documents, entries] = await Promise.all([fetchPage("files", wanted), fetchPage("historyEntries", wanted)]);
      return { documents: documents.totalSize, entries: entries.totalSize };
    },
    staleTime: 0,
  });
  if (counts.error) return <Text size="sm">{t("delete.countingFailed")}</Text>;
  if (!counts.data) return <Skeleton height={72} />;
  const { documents, entries } = counts.data;
  return (
    <List size="sm" withPadding>
      {participantCount > 0 && <List.Item>{t("delete.goes.participants", { count: participantCount })}</List.Item>}
      {documents > 0 && <List.Item>{t("delete.goes.documents", { count: documents })}</List.Item>}
      {entries > 0 && <List.Item>{t("delete.goes.entries", { count: entries })}</List.Item>}
    </List>
  );
}
