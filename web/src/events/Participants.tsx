import { ActionIcon, Anchor, Button, Text } from "@mantine/core";
import { IconUsersPlus, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { contactNamed } from "../api/queries";
import type { Event, EventParticipant } from "../api/types";
import { ContactPicker } from "../kit/ContactPicker";
import { participantsOf } from "./calls";
import classes from "./events.module.css";

type RowsProps = {
  people: Pick<EventParticipant, "contact" | "displayName">[];
  hidden: number;
  scroll?: boolean;
  onRemove: (contact: string) => void;
};

/** Those who take part, each with a button for whoever was added by mistake. */
function People({ people, hidden, scroll, onRemove }: RowsProps) {
  const { t } = useTranslation("events");
  return (
    <>
      {people.length > 0 && (
        <ul className={clsx(classes.people, scroll && classes.scroll)} aria-label={t("field.participants")}>
          {people.map(({ contact, displayName }) => (
            <li key={contact} className={classes.person}>
              <Anchor component={Link} to={`/${contact}` as "/"} inherit className="anywhere">
                {displayName}
              </Anchor>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t("removeParticipant", { name: displayName })}
                onClick={() => onRemove(contact)}
              >
                <IconX size={16} />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
      {hidden > 0 && (
        <Text size="sm" className="quiet">
          {t("hiddenParticipants", { count: hidden })}
        </Text>
      )}
    </>
  );
}

type FieldProps = { event?: Event; value: string[]; error?: ReactNode; onChange: (names: string[]) => void };

/** The field of the form: any number of contacts, found by any word. */
export function ParticipantsField({ event, value, error, onChange }: FieldProps) {
  const { t } = useTranslation("events");
  const known = useQuery({ ...participantsOf(event ?? { name: "", etag: "" }), enabled: event !== undefined }).data;
  const [titles, setTitles] = useState<Record<string, string>>({});
  const titleOf = (name: string) =>
    titles[name] ?? known?.participants.find(({ contact }) => contact === name)?.displayName;
  const before = event?.participants ?? [];
  // Whom the reader may not see stays, but is not named.
  const hidden = known ? value.filter((name) => before.includes(name) && titleOf(name) === undefined) : [];
  const people = value.filter((name) => !hidden.includes(name));
  return (
    <div>
      <ContactPicker
        label={t("field.participants")}
        description={t("participantsHint")}
        error={error}
        value=""
        onChange={(name, contact) => {
          if (!name || value.includes(name)) return;
          setTitles({ ...titles, [name]: contact?.displayName ?? "" });
          onChange([...value, name]);
        }}
      />
      <People
        scroll
        people={people.map((contact) => ({ contact, displayName: titleOf(contact) ?? "" }))}
        hidden={hidden.length}
        onRemove={(name) => onChange(value.filter((other) => other !== name))}
      />
    </div>
  );
}

/** Takes those over who take part in another event, as far as the reader may know. */
export function SameParticipants({ event, onTake }: { event: Event; onTake: (names: string[]) => void }) {
  const { t } = useTranslation("events");
  const people = useQuery(participantsOf(event)).data?.participants ?? [];
  if (people.length === 0) return null;
  return (
    <Button
      variant="default"
      style={{ alignSelf: "flex-start" }}
      leftSection={<IconUsersPlus size={16} />}
      onClick={() => onTake(people.map(({ contact }) => contact))}
    >
      {t("sameParticipants", { count: people.length })}
    </Button>
  );
}

/** Several contacts by their names. */
export function ContactTitles({ names }: { names: string[] }) {
  return names.map((name) => <ContactTitle key={name} name={name} />);
}

function ContactTitle({ name }: { name: string }) {
  return <div>{useQuery(contactNamed(name)).data?.displayName ?? "…"}</div>;
}
