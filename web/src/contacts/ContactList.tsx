import { Anchor, Button, Group, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import type { DataTableColumn } from "mantine-datatable";
import { lazy, Suspense, useState, type MouseEvent } from "react";
import { useTranslation } from "react-i18next";

import { idOf } from "../api/client";
import { keys, listOf, me } from "../api/queries";
import type { Contact, Kind } from "../api/types";
import { BulkDeleteDialog } from "../kit/BulkDeleteDialog";
import { formatDay } from "../kit/days";
import { NothingYet } from "../kit/EmptyState";
import { EntityTable, PHONE } from "../kit/EntityTable";
import { FilterBar, FilterSelect, SearchBox } from "../kit/FilterBar";
import { ListPage } from "../kit/ListPage";
import { PAGE_SIZES, useListSearch } from "../kit/listSearch";
import { UserNames } from "../kit/UserName";
import { deleteContact } from "./calls";
import { ContactMenu, DeleteContact } from "./ContactActions";
import { ContactMark } from "./ContactMark";
import classes from "./contacts.module.css";
import { contactFilter, CREATED, SHARINGS, type ContactSearch } from "./search";

// What opens beside the list is fetched when it does.
const ContactPanel = lazy(() => import("./ContactPanel"));

const DEFAULT_SORT = "display_name";

const primaryOf = <T extends { primary: boolean; value: string }>(items: T[]) =>
  (items.find((item) => item.primary) ?? items[0])?.value;

/** Left clicks on a name are for the panel of its row; all others are the browser's own. */
function leaveToRow(event: MouseEvent) {
  if (!event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) event.preventDefault();
}

function ContactName({ contact, link }: { contact: Contact; link: boolean }) {
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

function useColumns(beside: boolean): DataTableColumn<Contact>[] {
  const { t } = useTranslation("contacts");
  return [
    {
      accessor: "display_name",
      title: t("field.displayName"),
      sortable: true,
      render: (contact) => <ContactName contact={contact} link />,
    },
    {
      accessor: "emails",
      title: t("field.emails"),
      width: 240,
      ellipsis: true,
      visibleMediaQuery: beside ? "(min-width: 85em)" : "(min-width: 62em)",
      render: ({ emails }) => <span title={primaryOf(emails)}>{primaryOf(emails)}</span>,
    },
    {
      accessor: "phones",
      title: t("field.phones"),
      width: 170,
      ellipsis: true,
      render: ({ phones }) => <span className="numeric">{primaryOf(phones)}</span>,
    },
    {
      accessor: "managers",
      title: t("field.managers"),
      width: 190,
      ellipsis: true,
      hidden: beside,
      visibleMediaQuery: "(min-width: 80em)",
      render: ({ managers }) => <UserNames names={managers} />,
    },
    {
      accessor: "create_time",
      title: t("created"),
      width: 120,
      sortable: true,
      hidden: beside,
      visibleMediaQuery: "(min-width: 68em)",
      render: ({ createTime }) => <span className="numeric">{formatDay(createTime.slice(0, 10))}</span>,
    },
  ];
}

function Card({ contact }: { contact: Contact }) {
  return (
    <>
      <ContactName contact={contact} link={false} />
      <Text size="sm" className="quiet" pl={42} component="div">
        <div className="numeric">{primaryOf(contact.phones)}</div>
        <div className="anywhere">{primaryOf(contact.emails)}</div>
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

function Filters({ list, filtered, onClear }: { list: List; filtered: boolean; onClear: () => void }) {
  const { t } = useTranslation("contacts");
  const { search, change } = list;
  return (
    <FilterBar onClear={filtered ? onClear : undefined}>
      <SearchBox label={t("search")} value={search.q ?? ""} onChange={(q) => change({ q: q || undefined })} />
      <FilterSelect
        label={t("filter.manager")}
        value={search.manager}
        options={[{ value: "me", label: t("filter.me") }]}
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
        onChange={(created) => change({ created })}
      />
    </FilterBar>
  );
}

function useContacts(search: ContactSearch) {
  const { data: user } = useQuery(me);
  const query = {
    q: search.q,
    filter: contactFilter(search, user?.name ?? "", new Date()),
    orderBy: search.sort ?? DEFAULT_SORT,
    pageSize: search.size ?? PAGE_SIZES[0],
    pageToken: search.page,
  };
  return useQuery({ ...listOf("contacts", query), placeholderData: keepPreviousData });
}

/** All contacts, or all companies, or all persons. */
export function ContactList() {
  const { t } = useTranslation("contacts");
  const client = useQueryClient();
  const navigate = useNavigate();
  const phone = useMediaQuery(PHONE, false, { getInitialValueInEffect: false });
  const list = useListSearch<ContactSearch>();
  const { search, change } = list;
  const contacts = useContacts(search);
  const columns = useColumns(search.open !== undefined);
  const [chosen, setChosen] = useState<string[]>([]);
  const [deleting, setDeleting] = useState<Contact>();
  const [bulk, setBulk] = useState<Contact[]>();

  const selected = contacts.data?.records.filter((contact) => chosen.includes(contact.name)) ?? [];
  const filtered = Boolean(search.q ?? search.manager ?? search.sharing ?? search.created);
  const clear = () => change({ q: undefined, manager: undefined, sharing: undefined, created: undefined });
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
      filters={<Filters list={list} filtered={filtered} onClear={clear} />}
      query={contacts}
      list={list as never}
      filtered={filtered}
      onClear={clear}
      nothingYet={<NothingYet title={t("nothing.title")} text={t("nothing.text")} action={add} />}
      selectedCount={selected.length}
      onDeleteSelected={() => setBulk(selected)}
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
            menu={(contact) => <ContactMenu contact={contact} onDelete={() => setDeleting(contact)} />}
            sort={search.sort ?? DEFAULT_SORT}
            onSort={(sort) => change({ sort: sort === DEFAULT_SORT ? undefined : sort })}
            selected={selected}
            onSelect={select}
            openName={search.open && `contacts/${search.open}`}
            onOpen={open}
            onEdit={(contact) => void navigate({ to: "/contacts/$id/edit", params: { id: idOf(contact.name) } })}
            fetching={contacts.isPlaceholderData}
          />
          {deleting && (
            <DeleteContact
              contact={deleting}
              onDone={() => setDeleting(undefined)}
              onClose={() => setDeleting(undefined)}
            />
          )}
          {bulk && (
            <BulkDeleteDialog
              records={bulk}
              titleOf={(contact) => contact.displayName}
              run={deleteContact}
              onClose={() => {
                setBulk(undefined);
                void client.invalidateQueries({ queryKey: keys.lists("contacts") });
              }}
            />
          )}
        </>
      )}
    </ListPage>
  );
}
