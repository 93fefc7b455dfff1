import { Anchor, Button, Group, Skeleton, Text, Title, UnstyledButton } from "@mantine/core";
import { IconArrowLeft, IconCheck } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { eventNamed } from "../../api/queries";
import type { Event, EventParticipant } from "../../api/types";
import { NothingYet, PageUnavailable, Unavailable } from "../../kit/EmptyState";
import { FilterSelect, SearchBox } from "../../kit/FilterBar";
import { PageTitle } from "../../kit/PageTitle";
import { tellError } from "../../kit/toasts";
import { whenIs } from "../shown";
import { answerOf, attendanceOf, guestsOf, markAttendance } from "./calls";
import { useRefresh } from "./changes";
import classes from "./guests.module.css";

/** The page at the entrance: one tap notes that somebody came, another takes it back. */
export function CheckInPage() {
  const { id } = useParams({ from: "/frame/events/$id/checkin" });
  const { data: event, error, refetch } = useQuery(eventNamed(`events/${id}`));
  if (error && !event) return <PageUnavailable error={error} onRetry={() => void refetch()} />;
  if (!event) return <Skeleton height={320} m="lg" maw={640} />;
  return <CheckIn key={id} event={event} />;
}

const NOT_YET = "attendance != ATTENDED";
const COMING = "response = ACCEPTED";

function CheckIn({ event }: { event: Event }) {
  const { t } = useTranslation("events");
  const [q, setQ] = useState("");
  const [filter, setFilter] = useState<typeof NOT_YET | typeof COMING>();
  const { present, tap, waits } = useTaps(event);
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    ...guestsOf(event, { q, filter }),
    placeholderData: keepPreviousData,
  });
  const people = data?.pages.flatMap(({ participants }) => participants);
  const hidden = data?.pages[0]?.hiddenCount ?? 0;
  const { attendedCount = 0, acceptedCount = 0 } = event.guestCounts ?? {};
  return (
    <div className={classes.checkIn}>
      <PageTitle title={`${t("checkIn.title")}: ${event.title}`} />
      <Anchor component={Link} to={`/${event.name}` as "/"} search={{ tab: "participants" } as never} size="sm">
        <Group gap={4} component="span">
          <IconArrowLeft size={14} aria-hidden /> {t("checkIn.back")}
        </Group>
      </Anchor>
      <Title order={1} className="anywhere" mt={6}>
        {event.title}
      </Title>
      <Text size="sm" className="quiet">
        {whenIs(event)}
      </Text>
      <div className={classes.sticky}>
        <div className={classes.counter} role="status">
          {acceptedCount > 0
            ? t("checkIn.cameOfComing", { count: attendedCount, coming: acceptedCount })
            : t("checkIn.cameOfAll", { count: attendedCount, all: event.participantCount })}
        </div>
        <div role="status">{waits && <Text size="sm">{t("checkIn.waits")}</Text>}</div>
        <Group gap="xs">
          <SearchBox label={t("guests.search")} value={q} onChange={setQ} />
          <FilterSelect
            label={t("checkIn.everybody")}
            value={filter}
            options={[
              { value: NOT_YET, label: t("checkIn.notYet") },
              { value: COMING, label: t("checkIn.coming") },
            ]}
            onChange={setFilter}
          />
        </Group>
      </div>
      {error && !people && <Unavailable error={error} onRetry={() => void refetch()} />}
      {!people && !error && <Skeleton height={240} />}
      {people?.length === 0 &&
        (q || filter ? (
          <Text className="quiet">{t("checkIn.nobody")}</Text>
        ) : (
          hidden === 0 && <NothingYet title={t("nobodyTakesPart")} text={t("checkIn.addFirst")} />
        ))}
      {people && people.length > 0 && (
        <ul className={classes.arrivals} aria-label={t("field.participants")}>
          {people.map((guest) => (
            <li key={guest.contact}>
              <Arrival guest={guest} came={present(guest)} onTap={() => tap(guest)} />
            </li>
          ))}
        </ul>
      )}
      {hidden > 0 && (
        <Text mt="xs" className="quiet">
          {t(people?.length === 0 ? "onlyHidden" : "hiddenParticipants", { count: hidden })}
        </Text>
      )}
      {hasNextPage && (
        <Button fullWidth variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("guests.more")}
        </Button>
      )}
    </div>
  );
}

type ArrivalProps = { guest: EventParticipant; came: boolean; onTap: () => void };

function Arrival({ guest, came, onTap }: ArrivalProps) {
  const { t } = useTranslation("events");
  const response = answerOf(guest);
  return (
    <UnstyledButton className={classes.arrival} aria-pressed={came} onClick={onTap}>
      <span className={classes.tick} aria-hidden>
        {came && <IconCheck size={20} />}
      </span>
      <span className={classes.who}>
        <span className="anywhere">{guest.displayName}</span>
        {response && (
          <Text span display="block" size="sm" className="quiet">
            {t(`guests.answer.${response}`)}
          </Text>
        )}
      </span>
    </UnstyledButton>
  );
}

/** Shows a tap at once, until the API has noted it; a refused one is taken back. */
function useTaps(event: Event) {
  const refresh = useRefresh(event.name);
  const [tapped, setTapped] = useState<Record<string, boolean>>({});
  const note = useMutation({
    mutationFn: ({ contact, came }: { contact: string; came: boolean }) =>
      markAttendance(event, [contact], came ? "ATTENDED" : undefined),
    onError: tellError,
    onSettled: async (_answer, _error, { contact, came }) => {
      await refresh();
      // Unless it was tapped again meanwhile.
      setTapped((before) =>
        before[contact] === came
          ? Object.fromEntries(Object.entries(before).filter(([name]) => name !== contact))
          : before,
      );
    },
    scope: { id: `${event.name}/attendance` },
  });
  const present = (guest: EventParticipant) => tapped[guest.contact] ?? attendanceOf(guest) === "ATTENDED";
  const tap = (guest: EventParticipant) => {
    const came = !present(guest);
    setTapped((before) => ({ ...before, [guest.contact]: came }));
    note.mutate({ contact: guest.contact, came });
  };
  return { present, tap, waits: note.isPaused };
}
