import { useTranslation } from "react-i18next";

import type { Event, EventParticipant } from "../../api/types";
import { ActDialog } from "../../kit/ActDialog";
import { addParticipants } from "../../kit/participants";
import { tell } from "../../kit/toasts";
import { tellUndoable } from "../../kit/undo";
import { removeParticipants } from "../calls";
import { answerOf, attendanceOf } from "./calls";
import { useGuestChange, useRefresh } from "./changes";

/** Whether more is lost with a guest than that he takes part: nobody can give that back. */
export const hasSaid = (guest: EventParticipant) => Boolean(answerOf(guest) ?? attendanceOf(guest));

/** Takes guests from an event of whom nothing was noted; they are one click away. */
export function useRemove(event: Event) {
  const { t } = useTranslation(["events", "files"]);
  const change = useGuestChange(event.name);
  return (guests: EventParticipant[]) => {
    const contacts = guests.map(({ contact }) => contact);
    const back = () => change.mutateAsync(() => addParticipants(event, { contacts }));
    change.mutate(async () => {
      await removeParticipants(event, contacts);
      tellUndoable(t("guests.removed", { count: contacts.length }), t("files:undo"), back);
    });
  };
}

type Props = { event: Event; guests: EventParticipant[]; onDone: () => void; onClose: () => void };

/** Asks before answers go with those who gave them. */
export function RemoveDialog({ event, guests, onDone, onClose }: Props) {
  const { t } = useTranslation("events");
  const refresh = useRefresh(event.name);
  const count = guests.length;
  return (
    <ActDialog
      title={t("guests.remove.title", { count })}
      action={t("guests.remove.action")}
      danger
      text={t("guests.remove.text")}
      run={() =>
        removeParticipants(
          event,
          guests.map(({ contact }) => contact),
        )
      }
      onDone={() => {
        void refresh();
        tell(t("guests.removed", { count }));
        onDone();
      }}
      onClose={onClose}
    />
  );
}
