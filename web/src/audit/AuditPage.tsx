import { Button } from "@mantine/core";
import { IconDownload, IconX } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";

import { listOf } from "../api/queries";
import { DayInput } from "../kit/DayInput";
import { NothingYet } from "../kit/EmptyState";
import { FilterBar, FilterSelect, SearchBox } from "../kit/FilterBar";
import { ListPage } from "../kit/ListPage";
import { PAGE_SIZES, useListSearch } from "../kit/listSearch";
import { SavedViews } from "../kit/listTools";
import { OnePersonPicker } from "../kit/OnePersonPicker";
import classes from "./audit.module.css";
import { AuditRow } from "./AuditRow";
import { ACTIONS, auditFilter, type AuditSearch } from "./search";

type List = ReturnType<typeof useListSearch<AuditSearch>>;

const NONE: AuditSearch = {
  q: undefined,
  actor: undefined,
  resource: undefined,
  action: undefined,
  from: undefined,
  to: undefined,
};

/** Everything that anybody changed, the newest first. */
export function AuditPage() {
  const { t } = useTranslation("audit");
  const list = useListSearch<AuditSearch>();
  const { search, change } = list;
  const filter = auditFilter(search);
  const { q, page: pageToken, size: pageSize = PAGE_SIZES[0] } = search;
  const entries = useQuery({
    ...listOf("auditEntries", { q, filter, pageSize, pageToken }),
    placeholderData: keepPreviousData,
  });
  const filtered = Boolean(q ?? filter);
  const clear = () => change(NONE);
  return (
    <ListPage
      title={t("title")}
      action={
        <Button
          component="a"
          href={`/v1/auditEntries:export?${new URLSearchParams({ filter, q: q ?? "" }).toString()}`}
          download="audit.jsonl"
          variant="default"
          leftSection={<IconDownload size={16} />}
        >
          {t("export")}
        </Button>
      }
      filters={<Filters list={list} filtered={Boolean(q || filter)} onClear={clear} />}
      query={entries}
      list={list}
      filtered={filtered}
      onClear={clear}
      nothingYet={<NothingYet title={t("nothing")} text={t("nothingText")} />}
    >
      {(page) => (
        <ul className={classes.list} aria-label={t("title")}>
          {page.records.map((entry) => (
            <AuditRow key={entry.name} entry={entry} />
          ))}
        </ul>
      )}
    </ListPage>
  );
}

function Filters({ list, filtered, onClear }: { list: List; filtered: boolean; onClear: () => void }) {
  const { t } = useTranslation("audit");
  const { search, change } = list;
  return (
    <FilterBar onClear={filtered ? onClear : undefined}>
      <SearchBox label={t("search")} value={search.q ?? ""} onChange={(q) => change({ q: q || undefined })} />
      <OnePersonPicker
        hideLabel
        className={classes.actorFilter}
        label={t("filter.actor")}
        value={search.actor ?? ""}
        onChange={(actor) => change({ actor: actor || undefined })}
      />
      <FilterSelect
        label={t("filter.action")}
        value={search.action}
        options={ACTIONS.map((value) => ({ value, label: t(`action.${value}`) }))}
        onChange={(action) => change({ action })}
      />
      <DayInput
        className={classes.day}
        aria-label={t("filter.from")}
        placeholder={t("filter.from")}
        clearable
        value={search.from ?? null}
        onChange={(from) => change({ from: from ?? undefined })}
      />
      <DayInput
        className={classes.day}
        aria-label={t("filter.to")}
        placeholder={t("filter.to")}
        clearable
        value={search.to ?? null}
        onChange={(to) => change({ to: to ?? undefined })}
      />
      {search.resource && (
        <Button
          variant="default"
          rightSection={<IconX size={14} />}
          aria-label={`${t("filter.resource", { name: search.resource })}: ${t("filter.anyRecord")}`}
          onClick={() => change({ resource: undefined })}
        >
          {t("filter.resource", { name: search.resource })}
        </Button>
      )}
      <Suspense>
        <SavedViews list="auditEntries" />
      </Suspense>
    </FilterBar>
  );
}
