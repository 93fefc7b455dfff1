import { ActionIcon, Button, Group, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import type { DataTableColumn } from "mantine-datatable";
import { lazy, Suspense, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { idOf } from "../api/client";
import { listOf, me } from "../api/queries";
import type { Event } from "../api/types";
import { withTexts } from "../app/i18n";
import { NothingYet } from "../kit/EmptyState";
import { EntityTable } from "../kit/EntityTable";
import { FilterBar, FilterSelect, SearchBox } from "../kit/FilterBar";
import { ListPage } from "../kit/ListPage";
import { PAGE_SIZES, useListSearch } from "../kit/listSearch";
import { AccessDialog, BulkActions } from "./BulkActions";
import { DeleteEvent } from "./DeleteEvent";
import { EventMenu } from "./EventMenu";
import classes from "./events.module.css";
import { MoveDialog } from "./MoveDialog";
import { useWeekBegin, whenFilter } from "./periods";
import { eventFilter, PERIODS, STATES, type EventSearch } from "./search";
import { CloseBox, EventTitle, Lock, whenIs } from "./shown";
import { ViewSwitch } from "./ViewSwitch";

const EventTools = lazy(withTexts(() => import("./EventTools")));

const DEFAULT_SORT = "title";

function useColumns(): DataTableColumn<Event>[] {
  const { t } = useTranslation("events");
  return [
    {
      accessor: "title",
      title: t("field.title"),
      sortable: true,
      render: (event) => <EventTitle event={event} />,
    },
    {
      accessor: "start_time",
      title: t("when"),
      width: 240,
      sortable: true,
      visibleMediaQuery: "(min-width: 58em)",
      render: (event) => <span className="numeric">{whenIs(event)}</span>,
    },
    {
      accessor: "place",
      title: t("field.place"),
      width: 180,
      ellipsis: true,
      visibleMediaQuery: "(min-width: 78em)",
      render: ({ place }) => <span title={place}>{place}</span>,
    },
    {
      accessor: "tags",
      title: t("field.tags"),
      width: 160,
      ellipsis: true,
      visibleMediaQuery: "(min-width: 68em)",
      render: ({ tags }) => <span title={tags.join(", ")}>{tags.join(", ")}</span>,
    },
    {
      accessor: "participant_count",
      title: t("field.participants"),
      width: 120,
      visibleMediaQuery: "(min-width: 68em)",
      render: ({ participantCount }) => <span className="numeric">{participantCount}</span>,
    },
  ];
}

function Card({ event }: { event: Event }) {
  const { t } = useTranslation("events");
  return (
    <>
      <span className={classes.title}>
        <Text span fw={500} className={event.state === "OPEN" ? undefined : classes.closed}>
          {event.title}
        </Text>
        <Lock event={event} />
      </span>
      <Text size="sm" className="quiet" component="div">
        <div className="numeric">{whenIs(event)}</div>
        <div className="anywhere">{event.place}</div>
        {event.state !== "OPEN" && t(`state.${event.state}`)}
      </Text>
    </>
  );
}

/** Adds an event; `beside` a title on a phone there is room for a sign only. */
export function AddButton({ beside }: { beside?: boolean }) {
  const { t } = useTranslation("events");
  return (
    <>
      <Button
        variant="default"
        component={Link}
        to="/events/new"
        leftSection={<IconPlus size={16} />}
        visibleFrom={beside ? "sm" : undefined}
      >
        {t("add")}
      </Button>
      {beside && (
        <ActionIcon hiddenFrom="sm" variant="default" size={36} component={Link} to="/events/new" aria-label={t("add")}>
          <IconPlus size={18} />
        </ActionIcon>
      )}
    </>
  );
}

type FiltersProps = {
  list: {
    search: EventSearch;
    change: (change: Pick<EventSearch, "q" | "state" | "tag" | "creator" | "period">) => void;
  };
  /** Whether it is not said by other means when they are. */
  periods?: boolean;
  filtered: boolean;
  onClear: () => void;
  /** What else can be done with the list. */
  tools?: ReactNode;
};

export function Filters({ list, periods, filtered, onClear, tools }: FiltersProps) {
  const { t } = useTranslation("events");
  const { search, change } = list;
  const tags = useQuery(listOf("eventTags", { pageSize: 200 })).data?.records ?? [];
  const user = useQuery(me).data;
  return (
    <FilterBar onClear={filtered ? onClear : undefined}>
      <SearchBox label={t("search")} value={search.q ?? ""} onChange={(q) => change({ q: q || undefined })} />
      {periods && (
        <FilterSelect
          label={t("filter.period")}
          value={search.period}
          options={PERIODS.map((value) => ({ value, label: t(`period.${value}`) }))}
          onChange={(period) => change({ period })}
        />
      )}
      <FilterSelect
        label={t("filter.creator")}
        value={search.creator}
        options={user ? [{ value: idOf(user.name), label: t("filter.mine") }] : []}
        onChange={(creator) => change({ creator })}
      />
      <FilterSelect
        label={t("filter.state")}
        value={search.state}
        options={STATES.map((value) => ({ value, label: t(`state.${value}`) }))}
        onChange={(state) => change({ state })}
      />
      <FilterSelect
        label={t("filter.tag")}
        value={search.tag}
        options={tags.map(({ title }) => ({ value: title, label: title }))}
        onChange={(tag) => change({ tag })}
      />
      <Suspense>{tools}</Suspense>
    </FilterBar>
  );
}

const HIDING = ["q", "state", "tag", "participant", "creator", "period"] as const;
const UNFILTERED = Object.fromEntries(HIDING.map((key) => [key, undefined])) as Partial<EventSearch>;

/** All events that one may see. */
export function EventList() {
  const { t } = useTranslation("events");
  const navigate = useNavigate();
  const list = useListSearch<EventSearch>();
  const { search, change } = list;
  const columns = useColumns();
  const begin = useWeekBegin();
  const filter = [eventFilter(search), whenFilter(search.period, begin)].filter(Boolean).join(" AND ");
  // Where a time was asked for, what is nearest comes first.
  const usual = search.period ? `start_time${search.period === "past" ? " desc" : ""}` : DEFAULT_SORT;
  const events = useQuery({
    ...listOf("events", {
      q: search.q,
      filter,
      orderBy: search.sort ?? usual,
      pageSize: search.size ?? PAGE_SIZES[0],
      pageToken: search.page,
    }),
    placeholderData: keepPreviousData,
  });
  const [chosen, setChosen] = useState<string[]>([]);
  const [asked, setAsked] = useState<{ what: "access" | "move" | "delete"; event: Event }>();
  const close = () => setAsked(undefined);
  const selected = events.data?.records.filter(({ name }) => chosen.includes(name)) ?? [];
  const filtered = HIDING.some((key) => search[key] !== undefined);
  const clear = () => change(UNFILTERED);
  return (
    <ListPage
      title={t("title.all")}
      action={
        <Group gap="xs" wrap="nowrap">
          <ViewSwitch current="list" />
          <AddButton beside />
        </Group>
      }
      filters={
        <Filters
          {...{ list, filtered }}
          periods
          onClear={clear}
          tools={<EventTools filter={filter} q={search.q} orderBy={search.sort ?? usual} />}
        />
      }
      query={events}
      list={list}
      filtered={filtered}
      onClear={clear}
      nothingYet={<NothingYet title={t("nothing.title")} text={t("nothing.text")} action={<AddButton />} />}
      selectedCount={selected.length}
      bulk={<BulkActions events={selected} onDone={() => setChosen([])} />}
      onUnselect={() => setChosen([])}
    >
      {(page) => (
        <>
          <EntityTable
            label={t("title.all")}
            records={page.records}
            columns={columns}
            titleOf={({ title }) => title}
            card={(event) => <Card event={event} />}
            cardMark={(event) => <CloseBox event={event} />}
            menu={(event) => (
              <EventMenu
                event={event}
                onAccess={() => setAsked({ what: "access", event })}
                onMove={() => setAsked({ what: "move", event })}
                onDelete={() => setAsked({ what: "delete", event })}
              />
            )}
            sort={search.sort ?? usual}
            onSort={(sort) => change({ sort: sort === usual ? undefined : sort })}
            selected={selected}
            onSelect={(records) => setChosen(records.map(({ name }) => name))}
            onOpen={({ name }) => void navigate({ to: "/events/$id", params: { id: idOf(name) } })}
            onEdit={({ name }) => void navigate({ to: "/events/$id/edit", params: { id: idOf(name) } })}
            fetching={events.isPlaceholderData}
          />
          {asked?.what === "access" && <AccessDialog events={[asked.event]} onClose={close} />}
          {asked?.what === "move" && <MoveDialog event={asked.event} onClose={close} />}
          {asked?.what === "delete" && <DeleteEvent event={asked.event} onDone={close} onClose={close} />}
        </>
      )}
    </ListPage>
  );
}
