import { Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { idOf } from "../api/client";
import { dictionary, listOf } from "../api/queries";
import { DayInput } from "../kit/DayInput";
import { ContactPicker } from "../kit/ContactPicker";
import { FilterSelect, SearchBox } from "../kit/FilterBar";
import { CURRENCIES } from "../kit/money";
import { OnePersonPicker } from "../kit/OnePersonPicker";
import { SOURCES, type ContactSearch } from "./search";

type Props = { search: ContactSearch; change: (change: Partial<ContactSearch>) => void };

const optionsOf = (entries: { name: string; title: string }[] | undefined) =>
  (entries ?? []).map(({ name, title }) => ({ value: idOf(name), label: title }));

/** The filters that are not needed every day. */
export default function MoreFilters({ search, change }: Props) {
  const { t } = useTranslation(["bulk", "contacts"]);
  const types = useQuery(dictionary("contactTypes")).data?.records;
  const levels = useQuery(dictionary("temperatureLevels")).data?.records;
  const tags = useQuery(listOf("contactTags", { pageSize: 200 })).data?.records;
  return (
    <Group gap="xs" mt="xs" w="100%">
      <FilterSelect
        label={t("filter.type")}
        value={search.type}
        options={optionsOf(types)}
        onChange={(type) => change({ type })}
      />
      <FilterSelect
        label={t("filter.temperature")}
        value={search.temperature}
        options={optionsOf(levels)}
        onChange={(temperature) => change({ temperature })}
      />
      <FilterSelect
        label={t("filter.tag")}
        value={search.tag}
        options={(tags ?? []).map(({ title }) => ({ value: title, label: title }))}
        onChange={(tag) => change({ tag })}
      />
      <FilterSelect
        label={t("filter.source")}
        value={search.source}
        options={SOURCES.map((value) => ({ value, label: t(`contacts:source.${value}`) }))}
        onChange={(source) => change({ source })}
      />
      <FilterSelect
        label={t("filter.currency")}
        value={search.currency}
        options={CURRENCIES.map((value) => ({ value, label: value }))}
        onChange={(currency) => change({ currency })}
      />
      <OnePersonPicker
        hideLabel
        label={t("filter.manager")}
        value={/^\d/.test(search.manager ?? "") ? `users/${search.manager}` : ""}
        onChange={(name) => change({ manager: name ? idOf(name) : undefined })}
      />
      <ContactPicker
        hideLabel
        kind="COMPANY"
        label={t("filter.company")}
        value={search.company ? `contacts/${search.company}` : ""}
        onChange={(name) => change({ company: name ? idOf(name) : undefined })}
      />
      <DayInput
        aria-label={t("filter.from")}
        placeholder={t("filter.from")}
        clearable
        w={160}
        value={search.from ?? null}
        onChange={(from) => change({ from: from ?? undefined, created: undefined })}
      />
      <DayInput
        aria-label={t("filter.to")}
        placeholder={t("filter.to")}
        clearable
        w={160}
        value={search.to ?? null}
        onChange={(to) => change({ to: to ?? undefined, created: undefined })}
      />
      <OwnFilters search={search} change={change} />
    </Group>
  );
}

const withValue = (known: Record<string, string> | undefined, id: string, value: string | undefined) => {
  const others = Object.entries(known ?? {}).filter(([other]) => other !== id);
  const all = value === undefined ? others : [...others, [id, value]];
  return all.length > 0 ? (Object.fromEntries(all) as Record<string, string>) : undefined;
};

/** The fields of one's own: those that hold one of a few values, and those that hold words. */
function OwnFilters({ search, change }: Props) {
  const { t } = useTranslation("bulk");
  const fields = useQuery(dictionary("contactFields")).data?.records ?? [];
  return fields.map(({ name, label, kind, options }) => {
    const id = idOf(name);
    if (kind === "TEXT" || kind === "TEXTAREA")
      return (
        <SearchBox
          ofField
          key={name}
          label={t("filter.part", { label })}
          value={search.part?.[id] ?? ""}
          onChange={(value) => change({ part: withValue(search.part, id, value || undefined) })}
        />
      );
    const ticked = [{ value: "true", label: t("filter.ticked", { label }) }];
    return kind === "SELECT" || kind === "CHECKBOX" ? (
      <FilterSelect
        key={name}
        label={t("filter.own", { label })}
        value={search.own?.[id]}
        options={kind === "CHECKBOX" ? ticked : options.map((value) => ({ value, label: value }))}
        onChange={(value) => change({ own: withValue(search.own, id, value) })}
      />
    ) : null;
  });
}
