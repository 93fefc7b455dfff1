import { Anchor, Avatar } from "@mantine/core";
import { IconBuilding } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";

import { keys } from "../api/queries";
import type { Contact, Kind } from "../api/types";
import { tell, tellError } from "../kit/toasts";
import { removePhoto, uploadPhoto } from "./calls";
import { ContactMark, photoOf } from "./ContactMark";
import classes from "./contacts.module.css";

const PhotoDialog = lazy(() => import("../kit/PhotoDialog"));

type FrameProps = { present: boolean; mark: React.ReactNode; onChosen: (picture: Blob) => void; onRemove: () => void };

function Photo({ present, mark, onChosen, onRemove }: FrameProps) {
  const { t } = useTranslation("contacts");
  const [choosing, setChoosing] = useState(false);
  return (
    <div className={classes.photo}>
      {mark}
      <Anchor component="button" type="button" size="xs" onClick={() => setChoosing(true)}>
        {t("photo.change")}
      </Anchor>
      {present && (
        <Anchor component="button" type="button" size="xs" onClick={onRemove}>
          {t("photo.remove")}
        </Anchor>
      )}
      {choosing && (
        <Suspense>
          <PhotoDialog
            onClose={() => setChoosing(false)}
            onChosen={(picture) => {
              setChoosing(false);
              onChosen(picture);
            }}
          />
        </Suspense>
      )}
    </div>
  );
}

/** The photo on a contact's page, changed at once. */
export function ContactPhoto({ contact }: { contact: Contact }) {
  const { t } = useTranslation("contacts");
  const client = useQueryClient();
  const know = (saved: Contact) => {
    client.setQueryData(keys.one(saved.name), saved);
    void client.invalidateQueries({ queryKey: keys.lists("contacts") });
    tell(t("photo.changed"));
  };
  return (
    <Photo
      present={contact.photo !== ""}
      mark={<ContactMark contact={contact} size={72} />}
      onChosen={(picture) => void uploadPhoto(contact, picture).then(know, tellError)}
      onRemove={() => void removePhoto(contact).then(know, tellError)}
    />
  );
}

type PendingProps = {
  kind: Kind;
  /** Whose photo it is; nobody's yet where the contact is new. */
  contact?: Contact;
  /** The one that was chosen just now. */
  chosen: string | undefined;
  onChosen: (picture: Blob) => void;
  onRemove: () => void;
};

/** The photo in the form of a contact, sent once that is saved; until then the choice can be taken back. */
export function PendingPhoto({ kind, contact, chosen, onChosen, onRemove }: PendingProps) {
  const company = kind === "COMPANY";
  return (
    <Photo
      present={chosen !== undefined}
      mark={
        <Avatar
          src={chosen ?? (contact && photoOf(contact))}
          name={contact?.displayName}
          alt=""
          size={72}
          radius={company ? "md" : "xl"}
          color="ink"
          aria-hidden
        >
          {company ? <IconBuilding size={40} stroke={1.6} /> : undefined}
        </Avatar>
      }
      onChosen={onChosen}
      onRemove={onRemove}
    />
  );
}
