import { Avatar } from "@mantine/core";
import { IconBuilding } from "@tabler/icons-react";

import type { Contact } from "../api/types";

/** What a contact looks like in lists: a person has initials, a company a building. */
export function ContactMark({ contact, size = 32 }: { contact: Contact; size?: number }) {
  const company = contact.kind === "COMPANY";
  return (
    <Avatar size={size} radius={company ? "md" : "xl"} name={contact.displayName} color="ink" aria-hidden>
      {company ? <IconBuilding size={size * 0.55} stroke={1.6} /> : undefined}
    </Avatar>
  );
}
