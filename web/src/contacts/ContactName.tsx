import { Anchor, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { MouseEvent } from "react";

import type { Contact } from "../api/types";
import { ContactMark } from "./ContactMark";
import classes from "./contacts.module.css";

/** Left clicks on a name are for the panel of its row; all others are the browser's own. */
function leaveToRow(event: MouseEvent) {
  if (!event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) event.preventDefault();
}

/** A contact in a list: its mark, its name, and what it does where. */
export function ContactName({ contact, link }: { contact: Contact; link: boolean }) {
  const below = [contact.jobTitle, contact.companyDisplayName].filter(Boolean).join(" · ");
  return (
    <div className={classes.name}>
      <ContactMark contact={contact} />
      <div className={classes.nameText}>
        {link ? (
          <Anchor
            component={Link}
            to={`/${contact.name}` as "/"}
            title={contact.displayName}
            onClick={leaveToRow}
            fw={500}
            c="inherit"
            inherit
          >
            {contact.displayName}
          </Anchor>
        ) : (
          <Text span fw={500}>
            {contact.displayName}
          </Text>
        )}
        {below && (
          <span className={classes.sub} title={below}>
            {below}
          </span>
        )}
      </div>
    </div>
  );
}
