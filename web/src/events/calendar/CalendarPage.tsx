import { ActionIcon, Button, Group, SegmentedControl, Skeleton, Text, Title } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconCalendarPlus, IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import dayjs from "dayjs";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Event } from "../../api/types";
import { FilteredAway, NothingYet, Unavailable } from "../../kit/EmptyState";
import { PHONE } from "../../kit/EntityTable";
import { ErrorBox } from "../../kit/ErrorBox";
import { addDays, formatDay, today } from "../../kit/days";
import classes from "../../kit/ListPage.module.css";
import { PageTitle } from "../../kit/PageTitle";
import { AddButton, Filters } from "../EventList";
import { useWeekBegin } from "../periods";
import { ViewSwitch } from "../ViewSwitch";
import { Agenda } from "./Agenda";
import own from "./calendar.module.css";
import { periodOf, stepped, type Period } from "./days";
import { Grid } from "./Grid";
import { eventsIn, useReschedule } from "./queries";
import { VIEWS, type CalendarSearch, type View } from "./search";

const SubscribeDialog = lazy(() => import("./SubscribeDialog"));
const TellDialog = lazy(() => import("../guests/TellDialog"));

const UNFILTERED = { q: undefined, state: undefined, tag: undefined, participant: undefined, creator: undefined };

/** Where in time one is, and what is seen of it. */
function useCalendar() {
  const search = useSearch({ from: "/frame/events/calendar" });
  const navigate = useNavigate();
  const phone = useMediaQuery(PHONE, false, { getInitialValueInEffect: false });
  const begin = useWeekBegin();
  // A phone has no room for seven days beside each other.
  const view: View = phone ? "agenda" : (search.view ?? "month");
  const day = search.day ?? today();
  const change = (next: Partial<CalendarSearch>) =>
    void navigate({ to: "/events/calendar", search: { ...search, ...next }, replace: true, resetScroll: false });
  return { search, change, phone, view, day, begin, period: periodOf(view, day, begin) };
}

/** Events by their time: a month, a week, or one after the other. */
export function CalendarPage() {
  const { t } = useTranslation("events");
  const navigate = useNavigate();
  const [subscribing, setSubscribing] = useState(false);
  const calendar = useCalendar();
  const { search, change, phone, view, day, period } = calendar;
  const { data, error, isPlaceholderData, refetch } = useQuery(eventsIn(period, search));
  const [telling, setTelling] = useState<Event>();
  const { move, shown } = useReschedule(setTelling);
  const title = usePeriodTitle(view, day, period);
  const filtered = Boolean(search.q || search.state || search.tag || search.participant || search.creator);
  const clear = () => change(UNFILTERED);
  const events = shown(data?.events ?? []);
  const openNew = (chosen: string) => void navigate({ to: "/events/new", search: { day: chosen } });
  return (
    <div className={own.page}>
      <PageTitle title={t("calendar.title")} />
      <Group justify="space-between" className={classes.head} wrap="nowrap">
        <Title order={1}>{t("title.all")}</Title>
        <Group gap="xs" wrap="nowrap">
          <ViewSwitch current="calendar" />
          <AddButton beside />
        </Group>
      </Group>
      <Filters list={{ search, change }} filtered={filtered} onClear={clear} />
      <Group className={own.bar} gap="xs">
        <Steps {...calendar} title={title} />
        <div style={{ flex: 1 }} />
        {!phone && (
          <SegmentedControl
            size="xs"
            aria-label={t("calendar.view")}
            data={VIEWS.map((value) => ({ value, label: t(`calendar.views.${value}`) }))}
            value={view}
            onChange={(chosen) => change({ view: chosen === "month" ? undefined : (chosen as View) })}
          />
        )}
        <Button
          size="xs"
          variant="default"
          leftSection={<IconCalendarPlus size={14} />}
          onClick={() => setSubscribing(true)}
        >
          {t("subscribe.action")}
        </Button>
      </Group>
      <div className={own.body} data-grey={isPlaceholderData || undefined} aria-busy={isPlaceholderData || undefined}>
        {error && data && <ErrorBox error={error} onRetry={() => void refetch()} />}
        {error && !data && <Unavailable error={error} onRetry={() => void refetch()} />}
        {!data && !error && <Skeleton height={420} m="md" />}
        {data && view !== "agenda" && (
          <Grid
            {...calendar}
            view={view}
            label={title}
            events={events}
            onDay={(next) => change({ day: next })}
            onNew={openNew}
            onMove={move}
          />
        )}
        {data && view !== "agenda" && events.length > 0 && (
          <Text size="xs" className={`quiet ${own.hint}`}>
            {t(`calendar.moveByKeys.${view}`)}
          </Text>
        )}
        {data && view === "agenda" && events.length > 0 && <Agenda label={title} period={period} events={events} />}
        {data && view === "agenda" && events.length === 0 && !filtered && (
          <NothingYet title={t("calendar.nothing")} action={<AddButton />} />
        )}
        {data && view === "agenda" && events.length === 0 && filtered && <FilteredAway onClear={clear} />}
        {data?.more && (
          <Text size="sm" p="sm" className="quiet">
            {t("calendar.notAll")}
          </Text>
        )}
      </div>
      <Suspense>{subscribing && <SubscribeDialog onClose={() => setSubscribing(false)} />}</Suspense>
      <Suspense>{telling && <TellDialog event={telling} onClose={() => setTelling(undefined)} />}</Suspense>
    </div>
  );
}

/** `ноябрь 2026`, or the first and the last day. */
function usePeriodTitle(view: View, day: string, { first, days }: Period) {
  const { i18n } = useTranslation();
  if (view !== "month") return `${formatDay(first)} – ${formatDay(addDays(first, days - 1))}`;
  const month = new Intl.DateTimeFormat(i18n.language, { month: "long", year: "numeric" });
  return month.format(dayjs(day).toDate()).replace(/ г\.$/, "");
}

type StepsProps = { view: View; day: string; title: string; change: (next: Partial<CalendarSearch>) => void };

/** Back, on, and to today. */
function Steps({ view, day, title, change }: StepsProps) {
  const { t } = useTranslation("events");
  const go = (by: 1 | -1) => change({ day: stepped(view, day, by) });
  return (
    <>
      <Button size="xs" variant="default" onClick={() => change({ day: undefined })}>
        {t("calendar.toToday")}
      </Button>
      <ActionIcon variant="default" size={30} aria-label={t("calendar.back")} onClick={() => go(-1)}>
        <IconChevronLeft size={16} />
      </ActionIcon>
      <ActionIcon variant="default" size={30} aria-label={t("calendar.on")} onClick={() => go(1)}>
        <IconChevronRight size={16} />
      </ActionIcon>
      <Text fw={600} className={own.period} role="status">
        {title}
      </Text>
    </>
  );
}
