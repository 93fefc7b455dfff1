import { Button, Checkbox, Group, Skeleton, Text } from "@mantine/core";
import { IconMailForward, IconUserCheck, IconUsersPlus } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState, type ComponentType } from "react";
import { useTranslation } from "react-i18next";

import type { Event, EventParticipant } from "../../api/types";
import { ContactPicker } from "../../kit/ContactPicker";
import { FilteredAway, Unavailable } from "../../kit/EmptyState";
import { SearchBox } from "../../kit/FilterBar";
import { addParticipants } from "../../kit/participants";
import { Section } from "../../kit/RecordPage";
import { guestsOf } from "./calls";
import { useGuestChange } from "./changes";
import { isOver } from "./expected";
import { FILTERS, type Share } from "./filters";
import { GuestBulk } from "./GuestBulk";
import { GuestRow } from "./GuestRow";
import classes from "./guests.module.css";
import { hasSaid, RemoveDialog, useRemove } from "./Removal";
import { Shares } from "./Shares";

const InviteDialog = lazy(() => import("./InviteDialog"));

/** Adds contacts that have something in common; what that is, is the business of contacts. */
export type AddManyDialog = ComponentType<{ event: Event; onClose: () => void }>;

/** Whom the dialog invites: some, or all who were not invited yet. */
type Asked = { contacts: string[] };

/** The tab of an event where participants are added, invited and removed, and where one sees what they answered. */
export function GuestsTab({ event, AddMany }: { event: Event; AddMany: AddManyDialog }) {
  const { t } = useTranslation("events");
  const [share, setShare] = useState<Share>("all");
  const [q, setQ] = useState("");
  const [chosen, setChosen] = useState<string[]>([]);
  const [asked, setAsked] = useState<Asked>();
  const [adding, setAdding] = useState(false);
  const [leaving, setLeaving] = useState<EventParticipant[]>();
  const remove = useRemove(event);
  const change = useGuestChange(event.name);
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    ...guestsOf(event, { q, filter: FILTERS[share] }),
    placeholderData: keepPreviousData,
  });
  const people = data?.pages.flatMap(({ participants }) => participants);
  const hidden = data?.pages[0]?.hiddenCount ?? 0;
  const filtered = share !== "all" || q !== "";
  const picked = people?.filter(({ contact }) => chosen.includes(contact)) ?? [];
  const still = picked.map(({ contact }) => contact);
  const takeAway = (guests: EventParticipant[]) => {
    if (guests.some(hasSaid)) return setLeaving(guests);
    remove(guests);
    setChosen([]);
  };
  return (
    <Section
      title={t("field.participants")}
      action={
        <Group gap="xs">
          <Button
            size="xs"
            variant="default"
            component={Link}
            to={`/${event.name}/checkin` as "/"}
            leftSection={<IconUserCheck size={14} />}
          >
            {t("guests.checkIn")}
          </Button>
          {!isOver(event) && (
            <Button size="xs" leftSection={<IconMailForward size={14} />} onClick={() => setAsked({ contacts: still })}>
              {t("guests.invite")}
            </Button>
          )}
        </Group>
      }
    >
      <ContactPicker
        label={t("addParticipant")}
        value=""
        onChange={(name) => name && change.mutate(() => addParticipants(event, { contacts: [name] }))}
      />
      <Button
        mt="xs"
        size="xs"
        variant="default"
        leftSection={<IconUsersPlus size={14} />}
        onClick={() => setAdding(true)}
      >
        {t("guests.addMany")}
      </Button>
      {(event.participantCount > 0 || filtered) && (
        <div className={classes.tools}>
          <Shares event={event} value={share} onChange={setShare} />
          <SearchBox label={t("guests.search")} value={q} onChange={setQ} />
        </div>
      )}
      {error && <Unavailable error={error} onRetry={() => void refetch()} />}
      {!people && !error && <Skeleton height={60} mt="sm" />}
      {people?.length === 0 &&
        (filtered ? (
          <FilteredAway
            onClear={() => {
              setShare("all");
              setQ("");
            }}
          />
        ) : (
          hidden === 0 && (
            <Text mt="sm" className="quiet">
              {t("nobodyTakesPart")}
            </Text>
          )
        ))}
      {people && people.length > 0 && (
        <Checkbox
          my="xs"
          label={t("guests.chooseShown")}
          checked={picked.length === people.length}
          indeterminate={picked.length > 0 && picked.length < people.length}
          onChange={({ currentTarget }) => setChosen(currentTarget.checked ? people.map(({ contact }) => contact) : [])}
        />
      )}
      {picked.length > 0 && (
        <GuestBulk
          event={event}
          guests={picked}
          onInvite={() => setAsked({ contacts: still })}
          onRemove={() => takeAway(picked)}
          onUnselect={() => setChosen([])}
        />
      )}
      {people && people.length > 0 && (
        <ul className={classes.guests} aria-label={t("field.participants")}>
          {people.map((guest) => (
            <GuestRow
              key={guest.contact}
              event={event}
              guest={guest}
              chosen={chosen.includes(guest.contact)}
              onChoose={(on) =>
                setChosen(on ? [...chosen, guest.contact] : chosen.filter((name) => name !== guest.contact))
              }
              onInvite={() => setAsked({ contacts: [guest.contact] })}
              onRemove={() => takeAway([guest])}
            />
          ))}
        </ul>
      )}
      {hidden > 0 && (
        <Text size="sm" mt="xs" className="quiet">
          {t(people?.length === 0 ? "onlyHidden" : "hiddenParticipants", { count: hidden })}
        </Text>
      )}
      {hasNextPage && (
        <Button mt="sm" variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("guests.more")}
        </Button>
      )}
      {leaving && (
        <RemoveDialog
          event={event}
          guests={leaving}
          onDone={() => {
            setChosen([]);
            setLeaving(undefined);
          }}
          onClose={() => setLeaving(undefined)}
        />
      )}
      <Suspense>
        {adding && <AddMany event={event} onClose={() => setAdding(false)} />}
        {asked && (
          <InviteDialog
            event={event}
            contacts={asked.contacts}
            onDone={() => setChosen([])}
            onClose={() => setAsked(undefined)}
          />
        )}
      </Suspense>
    </Section>
  );
}
