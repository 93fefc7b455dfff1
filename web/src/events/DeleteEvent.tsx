import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { eventNamed } from "../api/queries";
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
      details={<CallOff count={expectedOf(event)} value={telling} onChange={setTelling} />}
      remove={(version) => deleteEvent(version, telling)}
      fetchLatest={(name) => client.fetchQuery({ ...eventNamed(name), staleTime: 0 })}
      onDone={onDone}
      onClose={onClose}
    />
  );
}
