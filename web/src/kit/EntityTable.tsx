import { ActionIcon, Menu, Skeleton, Stack, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconArrowDown, IconArrowsSort, IconArrowUp, IconDots } from "@tabler/icons-react";
import { DataTable, type DataTableColumn } from "mantine-datatable";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import classes from "./EntityTable.module.css";
import { useShortcuts } from "./keys";

export const PHONE = "(max-width: 48em)";

type Entity = { name: string };

type Props<T extends Entity> = {
  label: string;
  records: T[];
  columns: DataTableColumn<T>[];
  /** What a person calls the record. */
  titleOf: (record: T) => string;
  /** The record on a phone: everything that matters, without columns. */
  card: (record: T) => ReactNode;
  /** What can be done beside a card without opening it. */
  cardMark?: (record: T) => ReactNode;
  /** The items of the row's ⋯ menu; none where there is nothing that one may do. */
  menu?: (record: T) => ReactNode;
  /** `create_time desc`; the column's accessor is what the API sorts by. */
  sort: string;
  onSort: (sort: string) => void;
  /** Where several records can be chosen at once. */
  selected?: T[];
  onSelect?: (records: T[]) => void;
  openName?: string;
  onOpen: (record: T) => void;
  onEdit: (record: T) => void;
  fetching: boolean;
};

/** The ⋯ button of a row. */
export function RowMenu({ title, children }: { title: string; children: ReactNode }) {
  const { t } = useTranslation("kit");
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t("actionsFor", { title })}
          onClick={(event) => event.stopPropagation()}
        >
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown onClick={(event) => event.stopPropagation()}>{children}</Menu.Dropdown>
    </Menu>
  );
}

/** Moves the focus through the rows with the keyboard; the cursor is the row that had it last. */
function useRowKeys<T extends Entity>({ records, selected = [], onSelect, onOpen, onEdit }: Props<T>) {
  const [cursor, setCursor] = useState<string>();
  const index = records.findIndex((record) => record.name === cursor);
  const current = records[index];
  const move = (to: number) => {
    const record = records[Math.max(0, Math.min(to, records.length - 1))];
    const row = document.querySelector(`[data-row="${record?.name ?? ""}"]`);
    row?.querySelector<HTMLElement>("a, button")?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
  };
  const toggle = (record: T) =>
    onSelect?.(selected.includes(record) ? selected.filter((other) => other !== record) : [...selected, record]);
  useShortcuts([
    ["J", () => move(index + 1)],
    ["K", () => move(index - 1)],
    ["X", () => current && toggle(current)],
    ["Enter", () => current && onOpen(current)],
    ["E", () => current && onEdit(current)],
  ]);
  return { cursor, onFocus: setCursor };
}

type Rows<T extends Entity> = Props<T> & ReturnType<typeof useRowKeys<T>>;

/** A list of records: a table where there is room, cards where there is not. */
export function EntityTable<T extends Entity>(props: Props<T>) {
  const phone = useMediaQuery(PHONE, false, { getInitialValueInEffect: false });
  const rowKeys = useRowKeys(props);
  return phone ? <Cards {...props} {...rowKeys} /> : <Table {...props} {...rowKeys} />;
}

function Cards<T extends Entity>({ label, records, titleOf, card, cardMark, menu, onOpen, onFocus }: Rows<T>) {
  return (
    <ul className={classes.cards} aria-label={label}>
      {records.map((record) => (
        <li key={record.name} className={classes.card} data-row={record.name} onFocus={() => onFocus(record.name)}>
          {cardMark && <div className={classes.cardMark}>{cardMark(record)}</div>}
          <UnstyledButton className={classes.cardBody} onClick={() => onOpen(record)}>
            {card(record)}
          </UnstyledButton>
          {menu && <RowMenu title={titleOf(record)}>{menu(record)}</RowMenu>}
        </li>
      ))}
    </ul>
  );
}

function Table<T extends Entity>(props: Rows<T>) {
  const { records, columns, titleOf, menu, sort, onSort, selected, onSelect, openName, onOpen, cursor, onFocus } =
    props;
  const { t } = useTranslation("kit");
  const headed = columns.map((column): DataTableColumn<T> =>
    column.sortable
      ? { ...column, sortable: false, title: <SortHeader column={column} sort={sort} onSort={onSort} /> }
      : column,
  );
  const actions: DataTableColumn<T> = {
    accessor: "actions",
    title: <VisuallyHidden>{t("actions")}</VisuallyHidden>,
    width: 52,
    textAlign: "right",
    render: (record) => <RowMenu title={titleOf(record)}>{menu?.(record)}</RowMenu>,
  };
  return (
    <DataTable<T>
      className={classes.table}
      height="100%"
      verticalSpacing={6}
      highlightOnHover
      noRecordsText={t("nothingFound")}
      idAccessor="name"
      records={records}
      columns={menu ? [...headed, actions] : headed}
      fetching={props.fetching}
      {...(selected && {
        selectedRecords: selected,
        onSelectedRecordsChange: onSelect,
        getRecordSelectionCheckboxProps: (record: T) => ({ "aria-label": t("select", { title: titleOf(record) }) }),
        allRecordsSelectionCheckboxProps: { "aria-label": t("selectAll") },
      })}
      onRowClick={({ record }) => onOpen(record)}
      customRowAttributes={(record) => ({ "data-row": record.name, onFocus: () => onFocus(record.name) })}
      rowClassName={(record) =>
        [record.name === openName && classes.open, record.name === cursor && classes.cursor].filter(Boolean).join(" ")
      }
    />
  );
}

type SortHeaderProps<T> = { column: DataTableColumn<T>; sort: string; onSort: (sort: string) => void };

/** The head of a column one can sort by. */
function SortHeader<T>({ column, sort, onSort }: SortHeaderProps<T>) {
  const { t } = useTranslation("kit");
  const accessor = String(column.accessor);
  const direction = sort === accessor ? "ascending" : sort === `${accessor} desc` ? "descending" : "unsorted";
  const Icon = { ascending: IconArrowUp, descending: IconArrowDown, unsorted: IconArrowsSort }[direction];
  return (
    <UnstyledButton
      className={classes.sort}
      data-sorted={direction !== "unsorted" || undefined}
      onClick={() => onSort(direction === "ascending" ? `${accessor} desc` : accessor)}
    >
      {column.title}
      <Icon size={14} aria-hidden />
      <VisuallyHidden>{t(`sort.${direction}`)}</VisuallyHidden>
    </UnstyledButton>
  );
}

/** What stands in the place of rows that are on their way. */
export function RowSkeletons() {
  return (
    <Stack gap={10} p="md" aria-hidden>
      {Array.from({ length: 9 }, (_, row) => (
        <Skeleton key={row} height={26} radius="sm" />
      ))}
    </Stack>
  );
}
