import { Avatar, Tooltip } from "@mantine/core";
import { IconBuilding, IconUsers } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { Contact } from "../api/types";
import classes from "./contacts.module.css";

/** Where the photo of a contact is; nothing if it has none. */
export function photoOf({ name, photo }: Pick<Contact, "name" | "photo">) {
  return photo ? `/v1/${name}:photo?version=${encodeURIComponent(photo)}` : undefined;
}

type Shown = Pick<Contact, "name" | "kind" | "displayName" | "photo" | "sharing">;

/** What a contact looks like: its photo, or initials, or a building; whoever is public has a mark on it. */
export function ContactMark({ contact, size = 32 }: { contact: Shown; size?: number }) {
  const { t } = useTranslation("contacts");
  const { kind, sharing } = contact;
  const company = kind === "COMPANY";
  return (
    <span className={classes.mark}>
      <Avatar
        size={size}
        radius={company ? "md" : "xl"}
        src={photoOf(contact)}
        alt=""
        name={contact.displayName}
        color="ink"
        aria-hidden
      >
        {company ? <IconBuilding size={size * 0.55} stroke={1.6} /> : undefined}
      </Avatar>
      {sharing !== "PRIVATE" && (
        <Tooltip label={t(`sharing.${sharing}`)}>
          <span className={classes.public} role="img" aria-label={t(`sharing.${sharing}`)}>
            <IconUsers size={Math.max(12, size * 0.28)} />
          </span>
        </Tooltip>
      )}
    </span>
  );
}
