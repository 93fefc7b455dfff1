import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { contactNamed } from "../api/queries";
import type { Contact } from "../api/types";
import { DeleteDialog } from "../kit/DeleteDialog";
import { deleteContact } from "./calls";
import { DeletionImpact } from "./DeletionImpact";

type DialogProps = { contact: Contact; onDone: () => void; onClose: () => void };

/** Asks before a contact is deleted, and says what holds it. */
export default function DeleteContact({ contact, onDone, onClose }: DialogProps) {
  const { t } = useTranslation("contacts");
  const client = useQueryClient();
  const name = contact.displayName;
  return (
    <DeleteDialog
      record={contact}
      title={t(`delete.${contact.kind}Title`, { name })}
      consequence={t("delete.consequence", { name })}
      details={<DeletionImpact contact={contact.name} />}
      done={t("delete.done", { name })}
      remove={deleteContact}
      fetchLatest={(name) => client.fetchQuery({ ...contactNamed(name), staleTime: 0 })}
      onDone={onDone}
      onClose={onClose}
    />
  );
}
