import { Button, Group, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";

import { idOf } from "../api/client";
import { listOf, me } from "../api/queries";
import type { Contact, Kind } from "../api/types";
import { withTexts } from "../app/i18n";
import { NothingYet } from "../kit/EmptyState";
import { EntityTable, PHONE } from "../kit/EntityTable";
import { FilterBar, FilterSelect, SearchBox } from "../kit/FilterBar";
import { ListPage } from "../kit/ListPage";
import { oneOf, PAGE_SIZES, useListSearch } from "../kit/listSearch";
import { ContactMenu } from "./ContactMenu";
import { ContactName } from "./ContactName";
import { primaryOf, useColumns, useHiddenColumns, type Column } from "./columns";
import { shownPhone } from "./phones";
import { contactFilter, CREATED, isFiltered, SHARINGS, UNFILTERED, type ContactSearch } from "./search";
import { Titled } from "./Titled";

// What opens beside the list is fetched when it does.
const ContactPanel = lazy(withTexts(() => import("./ContactPanel")));
const DeleteContact = lazy(withTexts(() => import("./DeleteContact")));
const MergeDialog = lazy(withTexts(() => import("./MergeDialog")));
const BulkActions = lazy(withTexts(() => import("./BulkActions")));
const ListTools = lazy(withTexts(() => import("./ListTools")));
const MoreFilters = lazy(withTexts(() => import("./MoreFilters")));

const DEFAULT_SORT = "display_name";

function Card({ contact }: { contact: Contact }) {
  const phone = primaryOf(contact.phones);
  return (
    <>
      <ContactName contact={contact} link={false} />
      <Text size="sm" className="quiet" pl={42} component="div">
        <div className="numeric">{phone && shownPhone(phone)}</div>
        <div className="anywhere">{primaryOf(contact.emails)?.value}</div>
        {contact.temperature && <Titled name={contact.temperature} />}
      </Text>
    </>
  );
}

function AddButton({ kind }: { kind: Kind }) {
  const { t } = useTranslation("contacts");
  return (
    <Button
      variant="default"
      component={Link}
      to="/contacts/new"
      search={{ kind } as never}
      leftSection={<IconPlus size={16} />}
    >
      {t(`add.${kind}`)}
    </Button>
  );
}

type List = ReturnType<typeof useListSearch<ContactSearch>>;

type FilterProps = {
  list: List;
  filter: string;
  filtered: boolean;
  onClear: () => void;
  hidden: Column[];
  onHide: (hidden: Column[]) => void;
};

/** Whether a filter is set that stands among those not needed every day. */
function usesMore({ manager, ...search }: ContactSearch) {
  const { type, temperature, tag, source, currency, from, to, company, own, part } = search;
  const more = [type, temperature, tag, source, currency, from, to, company, own, part];
  return more.some((value) => value !== undefined) || /^\d/.test(manager ?? "");
}

function Filters({ list, filter, filtered, onClear, hidden, onHide }: FilterProps) {
  const { t } = useTranslation("contacts");
  const { search, change } = list;
  const [more, setMore] = useState(() => usesMore(search));
  return (
    <FilterBar onClear={filtered ? onClear : undefined}>
      <SearchBox label={t("search")} value={search.q ?? ""} onChange={(q) => change({ q: q || undefined })} />
      <FilterSelect
        label={t("filter.manager")}
        value={oneOf(["me", "none"], search.manager)}
        options={(["me", "none"] as const).map((value) => ({ value, label: t(`filter.${value}`) }))}
        onChange={(manager) => change({ manager })}
      />
      <FilterSelect
        label={t("filter.sharing")}
        value={search.sharing}
        options={SHARINGS.map((value) => ({ value, label: t(`sharing.${value}`) }))}
        onChange={(sharing) => change({ sharing })}
      />
      <FilterSelect
        label={t("filter.created")}
        value={search.created}
        options={CREATED.map((value) => ({ value, label: t(`filter.${value}`) }))}
        onChange={(created) => change({ created, from: undefined, to: undefined })}
      />
      <Button size="compact-sm" variant="subtle" aria-expanded={more} onClick={() => setMore(!more)}>
        {t(more ? "filter.less" : "filter.more")}
      </Button>
      <Suspense>
        <ListTools search={search} filter={filter} hidden={hidden} onHide={onHide} />
        {more && <MoreFilters search={search} change={change} />}
      </Suspense>
    </FilterBar>
  );
}

function useContacts(search: ContactSearch) {
  const { data: user } = useQuery(me);
  const filter = contactFilter(search, user?.name ?? "", new Date());
  const query = {
    q: search.q,
    filter,
    orderBy: search.sort ?? DEFAULT_SORT,
    pageSize: search.size ?? PAGE_SIZES[0],
    pageToken: search.page,
  };
  return { filter, contacts: useQuery({ ...listOf("contacts", query), placeholderData: keepPreviousData }) };
}

/** All contacts, or all companies, or all persons. */
export function ContactList() {
  const { t } = useTranslation("contacts");
  const navigate = useNavigate();
  const phone = useMediaQuery(PHONE, false, { getInitialValueInEffect: false });
  const list = useListSearch<ContactSearch>();
  const { search, change } = list;
  const { filter, contacts } = useContacts(search);
  const [hidden, setHidden] = useHiddenColumns();
  const columns = useColumns(search.open !== undefined, hidden);
  const [chosen, setChosen] = useState<string[]>([]);
  const [busy, setBusy] = useState(false);
  const [deleting, setDeleting] = useState<Contact>();
  const [merging, setMerging] = useState<{ contact: Contact; other?: Contact }>();

  const selected = contacts.data?.records.filter((contact) => chosen.includes(contact.name)) ?? [];
  const [one, two, more] = selected;
  const filtered = isFiltered(search);
  const clear = () => change(UNFILTERED);
  const total = contacts.data?.totalSize ?? 0;
  const whole = selected.length > 0 && selected.length === contacts.data?.records.length && total > selected.length;
  const select = (records: Contact[]) => setChosen(records.map((contact) => contact.name));
  const open = (contact: Contact) => {
    if (phone) void navigate({ to: "/contacts/$id", params: { id: idOf(contact.name) } });
    else change({ open: idOf(contact.name) });
  };
  const add = search.kind ? (
    <AddButton kind={search.kind} />
  ) : (
    <Group>
      <AddButton kind="COMPANY" />
      <AddButton kind="PERSON" />
    </Group>
  );
  return (
    <ListPage
      title={t(`title.${search.kind ?? "ALL"}`)}
      action={<AddButton kind={search.kind ?? "PERSON"} />}
      filters={<Filters {...{ list, filter, filtered, hidden }} onClear={clear} onHide={setHidden} />}
      query={contacts}
      list={list}
      filtered={filtered}
      onClear={clear}
      nothingYet={<NothingYet title={t("nothing.title")} text={t("nothing.text")} action={add} />}
      selectedCount={selected.length}
      busy={busy}
      bulk={
        <Suspense>
          <BulkActions
            names={selected.map(({ name }) => name)}
            onBusy={setBusy}
            onMerge={
              one && two && !more && one.kind === two.kind ? () => setMerging({ contact: one, other: two }) : undefined
            }
            matching={whole ? { filter, q: search.q ?? "", total } : undefined}
          />
        </Suspense>
      }
      onUnselect={() => select([])}
      panel={
        search.open &&
        !phone && (
          <Suspense>
            <ContactPanel key={search.open} id={search.open} onClose={() => change({ open: undefined })} />
          </Suspense>
        )
      }
    >
      {(page) => (
        <>
          <EntityTable
            label={t("title.ALL")}
            records={page.records}
            columns={columns}
            titleOf={(contact) => contact.displayName}
            card={(contact) => <Card contact={contact} />}
            menu={(contact) => (
              <ContactMenu
                contact={contact}
                onDelete={() => setDeleting(contact)}
                onMerge={() => setMerging({ contact })}
              />
            )}
            sort={search.sort ?? DEFAULT_SORT}
            onSort={(sort) => change({ sort: sort === DEFAULT_SORT ? undefined : sort })}
            selected={selected}
            onSelect={select}
            openName={search.open && `contacts/${search.open}`}
            onOpen={open}
            onEdit={(contact) => void navigate({ to: "/contacts/$id/edit", params: { id: idOf(contact.name) } })}
            fetching={contacts.isPlaceholderData}
          />
          {merging && (
            <Suspense>
              <MergeDialog {...merging} onDone={() => setMerging(undefined)} onClose={() => setMerging(undefined)} />
            </Suspense>
          )}
          {deleting && (
            <Suspense>
              <DeleteContact
                contact={deleting}
                onDone={() => setDeleting(undefined)}
                onClose={() => setDeleting(undefined)}
              />
            </Suspense>
          )}
        </>
      )}
    </ListPage>
  );
}
