import { ActionIcon, Menu, Skeleton, Stack, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconDots } from "@tabler/icons-react";
import { DataTable, type DataTableColumn, type DataTableSortStatus } from "mantine-datatable";
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
  /** The items of the row's ⋯ menu. */
  menu: (record: T) => ReactNode;
  /** `create_time desc`; the column's accessor is what the API sorts by. */
  sort: string;
  onSort: (sort: string) => void;
  selected: T[];
  onSelect: (records: T[]) => void;
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

/** Moves a cursor through the rows with the keyboard. */
function useRowKeys<T extends Entity>({ records, selected, onSelect, onOpen, onEdit }: Props<T>) {
  const [cursor, setCursor] = useState<string>();
  const index = records.findIndex((record) => record.name === cursor);
  const current = records[index];
  const move = (to: number) => {
    const record = records[Math.max(0, Math.min(to, records.length - 1))];
    setCursor(record?.name);
    document.querySelector(`[data-row="${record?.name ?? ""}"]`)?.scrollIntoView({ block: "nearest" });
  };
  const toggle = (record: T) =>
    onSelect(selected.includes(record) ? selected.filter((other) => other !== record) : [...selected, record]);
  useShortcuts([
    ["J", () => move(index + 1)],
    ["K", () => move(index - 1)],
    ["X", () => current && toggle(current)],
    ["Enter", () => current && onOpen(current)],
    ["E", () => current && onEdit(current)],
  ]);
  return cursor;
}

/** A list of records: a table where there is room, cards where there is not. */
export function EntityTable<T extends Entity>(props: Props<T>) {
  const phone = useMediaQuery(PHONE, false, { getInitialValueInEffect: false });
  const cursor = useRowKeys(props);
  return phone ? <Cards {...props} /> : <Table {...props} cursor={cursor} />;
}

function Cards<T extends Entity>({ label, records, titleOf, card, menu, onOpen }: Props<T>) {
  return (
    <ul className={classes.cards} aria-label={label}>
      {records.map((record) => (
        <li key={record.name} className={classes.card}>
          <UnstyledButton className={classes.cardBody} onClick={() => onOpen(record)}>
            {card(record)}
          </UnstyledButton>
          <RowMenu title={titleOf(record)}>{menu(record)}</RowMenu>
        </li>
      ))}
    </ul>
  );
}

function Table<T extends Entity>(props: Props<T> & { cursor: string | undefined }) {
  const { records, columns, titleOf, menu, sort, onSort, selected, onSelect, openName, onOpen, cursor } = props;
  const { t } = useTranslation("kit");
  const [columnAccessor = "", direction = "asc"] = sort.split(" ");
  const actions: DataTableColumn<T> = {
    accessor: "actions",
    title: <VisuallyHidden>{t("actions")}</VisuallyHidden>,
    width: 52,
    textAlign: "right",
    render: (record) => <RowMenu title={titleOf(record)}>{menu(record)}</RowMenu>,
  };
  return (
    <DataTable<T>
      className={classes.table}
      height="100%"
      verticalSpacing={6}
      highlightOnHover
      idAccessor="name"
      records={records}
      columns={[...columns, actions]}
      fetching={props.fetching}
      sortStatus={{ columnAccessor, direction: direction as "asc" | "desc" } as DataTableSortStatus<T>}
      onSortStatusChange={(status) =>
        onSort(status.direction === "desc" ? `${String(status.columnAccessor)} desc` : String(status.columnAccessor))
      }
      selectedRecords={selected}
      onSelectedRecordsChange={onSelect}
      getRecordSelectionCheckboxProps={(record) => ({ "aria-label": t("select", { title: titleOf(record) }) })}
      allRecordsSelectionCheckboxProps={{ "aria-label": t("selectAll") }}
      onRowClick={({ record }) => onOpen(record)}
      customRowAttributes={(record) => ({ "data-row": record.name })}
      rowClassName={(record) =>
        [record.name === openName && classes.open, record.name === cursor && classes.cursor].filter(Boolean).join(" ")
      }
    />
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
