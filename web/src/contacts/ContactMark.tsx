import { Avatar, Tooltip } from "@mantine/core";
import { IconBuilding, IconUsers } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { Contact } from "../api/types";
import classes from "./contacts.module.css";

type Shown = Pick<Contact, "name" | "kind" | "displayName" | "photo" | "sharing">;

/** What a contact looks like: its photo, or initials, or a building; whoever is public has a mark on it. */
export function ContactMark({ contact, size = 32 }: { contact: Shown; size?: number }) {
  const { t } = useTranslation("contacts");
  const { name, kind, photo, sharing } = contact;
  const company = kind === "COMPANY";
  const src = photo && `/v1/${name}:photo?version=${encodeURIComponent(photo)}`;
  return (
    <span className={classes.mark}>
      <Avatar
        size={size}
        radius={company ? "md" : "xl"}
        src={src || undefined}
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
