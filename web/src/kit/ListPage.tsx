import { Button, Group, Text, Title } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { Page } from "../api/queries";
import { FilteredAway, Unavailable } from "./EmptyState";
import { RowSkeletons } from "./EntityTable";
import { ErrorBox } from "./ErrorBox";
import { isLostPage } from "./errors";
import classes from "./ListPage.module.css";
import type { ListPlace } from "./listSearch";
import { PageTitle } from "./PageTitle";
import { Pager } from "./Pager";

type Props<T> = {
  title: string;
  action: ReactNode;
  filters: ReactNode;
  query: UseQueryResult<Page<T>>;
  list: ListPlace;
  /** Whether a filter or search may hide records. */
  filtered: boolean;
  onClear: () => void;
  nothingYet: ReactNode;
  /** Where several records can be chosen at once. */
  selectedCount?: number;
  onDeleteSelected?: () => void;
  onUnselect?: () => void;
  /** What can be done with them, where that is more than to delete. */
  bulk?: ReactNode;
  /** Whether it is being done, which may take them out of the list. */
  busy?: boolean;
  panel?: ReactNode;
  children: (page: Page<T>) => ReactNode;
};

/** The page of a list: title, filters, what is selected, the records with one of them beside, and the pager. */
export function ListPage<T>(props: Props<T>) {
  const { query, selectedCount = 0 } = props;
  return (
    <div className={classes.page}>
      <PageTitle title={props.title} />
      <Group justify="space-between" className={classes.head} wrap="nowrap">
        <Title order={1}>{props.title}</Title>
        {props.action}
      </Group>
      {props.filters}
      {(selectedCount > 0 || props.busy) && <BulkBar {...props} />}
      <div className={classes.body}>
        <div className={classes.records} data-grey={(query.isError && query.data !== undefined) || undefined}>
          <Records {...props} />
        </div>
        {props.panel}
      </div>
      {query.data && query.data.records.length > 0 && <Pager page={query.data} list={props.list} />}
    </div>
  );
}

function Records<T>({ query, list, filtered, onClear, nothingYet, children }: Props<T>) {
  const retry = () => {
    if (isLostPage(query.error)) list.change({ page: undefined });
    else void query.refetch();
  };
  if (query.data === undefined)
    return query.isError ? <Unavailable error={query.error} onRetry={retry} /> : <RowSkeletons />;
  if (query.data.records.length === 0) return filtered ? <FilteredAway onClear={onClear} /> : nothingYet;
  return (
    <>
      {query.isError && <ErrorBox error={query.error} onRetry={retry} />}
      {children(query.data)}
    </>
  );
}

function BulkBar<T>({ selectedCount, onDeleteSelected, onUnselect, bulk }: Props<T>) {
  const { t } = useTranslation("kit");
  return (
    <Group className={classes.bulk} gap="sm">
      <Text size="sm" fw={600} role="status">
        {t("selected", { count: selectedCount })}
      </Text>
      {bulk ?? (
        <Button size="compact-sm" variant="default" leftSection={<IconTrash size={14} />} onClick={onDeleteSelected}>
          {t("delete.action")}
        </Button>
      )}
      <Button size="compact-sm" variant="subtle" onClick={onUnselect}>
        {t("unselect")}
      </Button>
    </Group>
  );
}
