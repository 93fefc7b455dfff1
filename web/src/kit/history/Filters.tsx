import { Button, Checkbox, Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import dayjs from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { dictionary } from "../../api/queries";
import { DayInput } from "../DayInput";
import { FilterBar, FilterSelect, SearchBox } from "../FilterBar";
import classes from "../ListPage.module.css";
import { OnePersonPicker } from "../OnePersonPicker";
import histories from "./history.module.css";

/** What of a history is looked for; days as `2026-11-23`. */
export type HistorySearch = {
  q?: string;
  notes?: boolean;
  category?: string;
  author?: string;
  from?: string;
  to?: string;
};

/** What the search asks of the API, in its filter language. */
export function historyFilter(subject: string, { notes, category, author, from, to }: HistorySearch) {
  const parts = [`subject = "${subject}"`];
  if (notes) parts.push(`kind = "NOTE"`);
  if (category) parts.push(`category = "${category}"`);
  if (author) parts.push(`creator = "${author}"`);
  if (from) parts.push(`time >= "${dayjs(from).toISOString()}"`);
  if (to) parts.push(`time < "${dayjs(to).add(1, "day").toISOString()}"`);
  return parts.join(" AND ");
}

const NOTHING: HistorySearch = {
  q: "",
  notes: undefined,
  category: undefined,
  author: undefined,
  from: undefined,
  to: undefined,
};

type Props = { search: HistorySearch; onChange: (change: HistorySearch) => void };

/** Looks for entries by text, category, author and day, or for what people wrote. */
export function Filters({ search, onChange }: Props) {
  const { t } = useTranslation("history");
  const [more, setMore] = useState(false);
  const categories = useQuery({ ...dictionary("historyCategories"), enabled: more }).data?.records ?? [];
  const filtered = Object.values(search).some(Boolean);
  return (
    <div className={histories.filters}>
      <FilterBar onClear={filtered ? () => onChange(NOTHING) : undefined}>
        <SearchBox label={t("search")} value={search.q ?? ""} onChange={(q) => onChange({ q })} />
        <Checkbox
          size="sm"
          label={t("filter.onlyNotes")}
          checked={search.notes ?? false}
          onChange={(event) => onChange({ notes: event.currentTarget.checked || undefined })}
        />
        <Button size="compact-sm" variant="subtle" aria-expanded={more} onClick={() => setMore(!more)}>
          {t(more ? "filter.less" : "filter.more")}
        </Button>
      </FilterBar>
      {more && (
        <Group gap="xs" mt="xs">
          <FilterSelect
            label={t("filter.category")}
            value={search.category}
            options={categories.map(({ name, title }) => ({ value: name, label: title }))}
            onChange={(category) => onChange({ category })}
          />
          <OnePersonPicker
            hideLabel
            label={t("filter.author")}
            className={classes.filter}
            value={search.author ?? ""}
            onChange={(author) => onChange({ author })}
          />
          <DayInput
            aria-label={t("filter.from")}
            placeholder={t("filter.from")}
            clearable
            w={150}
            value={search.from ?? null}
            onChange={(from) => onChange({ from: from ?? undefined })}
          />
          <DayInput
            aria-label={t("filter.to")}
            placeholder={t("filter.to")}
            clearable
            w={150}
            value={search.to ?? null}
            onChange={(to) => onChange({ to: to ?? undefined })}
          />
        </Group>
      )}
    </div>
  );
}
