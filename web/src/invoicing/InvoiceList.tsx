import { Anchor, Button, Group, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import type { DataTableColumn } from "mantine-datatable";
import { Suspense, useState, type MouseEvent } from "react";
import { useTranslation } from "react-i18next";

import { idOf } from "../api/client";
import { keys, listOf } from "../api/queries";
import type { Invoice } from "../api/types";
import { BulkDeleteDialog } from "../kit/BulkDeleteDialog";
import { formatDay } from "../kit/days";
import { NothingYet } from "../kit/EmptyState";
import { EntityTable, PHONE } from "../kit/EntityTable";
import { FilterBar, FilterSelect, SearchBox } from "../kit/FilterBar";
import { ListPage } from "../kit/ListPage";
import { PAGE_SIZES, useListSearch } from "../kit/listSearch";
import { SavedViews } from "../kit/listTools";
import { formatMoney } from "../kit/money";
import { deleteInvoice } from "./calls";
import { DeleteInvoice, InvoiceMenu } from "./InvoiceActions";
import { InvoicePanel } from "./InvoicePanel";
import { invoiceFilter, STATES, type InvoiceSearch } from "./search";
import { StateBadge } from "./StateBadge";

const DEFAULT_SORT = "number desc";

/** Left clicks on a number are for the panel of its row; all others are the browser's own. */
function leaveToRow(event: MouseEvent) {
  if (!event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) event.preventDefault();
}

function useColumns(beside: boolean): DataTableColumn<Invoice>[] {
  const { t, i18n } = useTranslation("invoicing");
  return [
    {
      accessor: "number",
      title: t("field.number"),
      width: 132,
      sortable: true,
      render: ({ name, number }) => (
        <Anchor component={Link} to={`/${name}` as "/"} onClick={leaveToRow} fw={500} c="inherit" inherit>
          {number}
        </Anchor>
      ),
    },
    {
      accessor: "issue_date",
      title: t("field.issueDate"),
      width: 178,
      sortable: true,
      hidden: beside,
      visibleMediaQuery: "(min-width: 68em)",
      render: ({ issueDate }) => <span className="numeric">{formatDay(issueDate)}</span>,
    },
    {
      accessor: "client_display_name",
      title: t("field.client"),
      sortable: true,
      ellipsis: true,
      render: ({ clientDisplayName }) => <span title={clientDisplayName}>{clientDisplayName}</span>,
    },
    {
      accessor: "due_date",
      title: t("field.dueDate"),
      width: 130,
      sortable: true,
      visibleMediaQuery: beside ? "(min-width: 90em)" : undefined,
      render: ({ dueDate }) => <span className="numeric">{formatDay(dueDate)}</span>,
    },
    {
      accessor: "total",
      title: t("field.total"),
      width: 140,
      textAlign: "right",
      render: ({ total }) => <span className="numeric">{formatMoney(total, i18n.language)}</span>,
    },
    {
      accessor: "state",
      title: t("field.state"),
      width: 112,
      sortable: true,
      visibleMediaQuery: beside ? "(min-width: 75em)" : undefined,
      render: ({ state }) => <StateBadge state={state} />,
    },
  ];
}

function Card({ invoice }: { invoice: Invoice }) {
  const { i18n } = useTranslation();
  return (
    <>
      <Group justify="space-between" wrap="nowrap">
        <Text fw={500}>{invoice.number}</Text>
        <Text className="numeric">{formatMoney(invoice.total, i18n.language)}</Text>
      </Group>
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" className="quiet anywhere">
          {invoice.clientDisplayName}
        </Text>
        <StateBadge state={invoice.state} />
      </Group>
    </>
  );
}

/** All invoices, the newest first. */
export function InvoiceList() {
  const { t } = useTranslation("invoicing");
  const client = useQueryClient();
  const navigate = useNavigate();
  const phone = useMediaQuery(PHONE, false, { getInitialValueInEffect: false });
  const list = useListSearch<InvoiceSearch>();
  const { search, change } = list;
  const columns = useColumns(search.open !== undefined);
  const [chosen, setChosen] = useState<string[]>([]);
  const [deleting, setDeleting] = useState<Invoice>();
  const [bulk, setBulk] = useState<Invoice[]>();
  const query = {
    q: search.q,
    filter: invoiceFilter(search),
    orderBy: search.sort ?? DEFAULT_SORT,
    pageSize: search.size ?? PAGE_SIZES[0],
    pageToken: search.page,
  };
  const invoices = useQuery({ ...listOf("invoices", query), placeholderData: keepPreviousData });

  const selected = invoices.data?.records.filter((invoice) => chosen.includes(invoice.name)) ?? [];
  const filtered = Boolean(search.q ?? search.state ?? search.client);
  const clear = () => change({ q: undefined, state: undefined, client: undefined });
  const select = (records: Invoice[]) => setChosen(records.map((invoice) => invoice.name));
  const open = (invoice: Invoice) => {
    if (phone) void navigate({ to: "/invoices/$id", params: { id: idOf(invoice.name) } });
    else change({ open: idOf(invoice.name) });
  };
  const create = (
    <Button
      variant="default"
      leftSection={<IconPlus size={16} />}
      onClick={() => void navigate({ to: "/invoices/new", search: { client: search.client } })}
    >
      {t("create")}
    </Button>
  );
  return (
    <ListPage
      title={t("title")}
      action={create}
      filters={
        <FilterBar onClear={filtered ? clear : undefined}>
          <SearchBox label={t("search")} value={search.q ?? ""} onChange={(q) => change({ q: q || undefined })} />
          <FilterSelect
            label={t("filter.state")}
            value={search.state}
            options={STATES.map((value) => ({ value, label: t(`states.${value}`) }))}
            onChange={(state) => change({ state })}
          />
          <Suspense>
            <SavedViews list="invoices" />
          </Suspense>
        </FilterBar>
      }
      query={invoices}
      list={list}
      filtered={filtered}
      onClear={clear}
      nothingYet={<NothingYet title={t("nothing.title")} text={t("nothing.text")} action={create} />}
      selectedCount={selected.length}
      onDeleteSelected={() => setBulk(selected)}
      onUnselect={() => select([])}
      panel={
        search.open &&
        !phone && <InvoicePanel key={search.open} id={search.open} onClose={() => change({ open: undefined })} />
      }
    >
      {(page) => (
        <>
          <EntityTable
            label={t("title")}
            records={page.records}
            columns={columns}
            titleOf={(invoice) => invoice.number}
            card={(invoice) => <Card invoice={invoice} />}
            menu={(invoice) => <InvoiceMenu invoice={invoice} onDelete={() => setDeleting(invoice)} />}
            sort={search.sort ?? DEFAULT_SORT}
            onSort={(sort) => change({ sort: sort === DEFAULT_SORT ? undefined : sort })}
            selected={selected}
            onSelect={select}
            openName={search.open && `invoices/${search.open}`}
            onOpen={open}
            onEdit={(invoice) =>
              invoice.state === "DRAFT" &&
              void navigate({ to: "/invoices/$id/edit", params: { id: idOf(invoice.name) } })
            }
            fetching={invoices.isPlaceholderData}
          />
          {deleting && (
            <DeleteInvoice
              invoice={deleting}
              onDone={() => setDeleting(undefined)}
              onClose={() => setDeleting(undefined)}
            />
          )}
          {bulk && (
            <BulkDeleteDialog
              records={bulk}
              titleOf={(invoice) => invoice.number}
              run={deleteInvoice}
              onClose={() => {
                setBulk(undefined);
                void client.invalidateQueries({ queryKey: keys.lists("invoices") });
              }}
            />
          )}
        </>
      )}
    </ListPage>
  );
}
