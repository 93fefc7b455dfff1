import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { eventNamed } from "../api/queries";
import type { Event } from "../api/types";
import { DeleteDialog } from "../kit/DeleteDialog";
import { deleteEvent } from "./calls";

type Props = { event: Event; onDone: () => void; onClose: () => void };

/** Asks before an event is deleted with all that belongs to it. */
export function DeleteEvent({ event, onDone, onClose }: Props) {
  const { t } = useTranslation("events");
  const client = useQueryClient();
  const { title } = event;
  return (
    <DeleteDialog
      record={event}
      title={t("delete.title", { title })}
      consequence={t("delete.consequence")}
      done={t("delete.done", { title })}
      remove={deleteEvent}
      fetchLatest={(name) => client.fetchQuery({ ...eventNamed(name), staleTime: 0 })}
      onDone={onDone}
      onClose={onClose}
    />
  );
}
