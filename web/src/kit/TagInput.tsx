import { TagsInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { listOf } from "../api/queries";

type Props = {
  label: string;
  description?: ReactNode;
  error?: ReactNode;
  value: string[];
  onChange: (tags: string[]) => void;
  /** Whose tags they are. */
  collection?: "contactTags" | "eventTags";
};

const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

/** Tags: picked from those that are known, or new by writing them. */
export function TagInput({ value, onChange, collection = "contactTags", ...input }: Props) {
  const { t } = useTranslation("kit");
  const [typed, setTyped] = useState("");
  const [opened, setOpened] = useState(false);
  const [q] = useDebouncedValue(typed.trim(), 200);
  const found = useQuery({ ...listOf(collection, { q, pageSize: 20 }), placeholderData: keepPreviousData });
  return (
    <TagsInput
      {...input}
      data={found.data?.records.map(({ title }: { title: string }) => title) ?? []}
      filter={({ options }) =>
        options.filter((option) => "value" in option && !value.some((tag) => same(tag, option.value)))
      }
      placeholder={t("tags.add")}
      acceptValueOnBlur
      // Whoever only passes by, or has chosen, is not to have the fields below covered.
      openOnFocus={false}
      isDuplicate={(tag, tags) => tags.some((known) => same(known, tag))}
      maxDropdownHeight={260}
      searchValue={typed}
      onSearchChange={(text) => {
        setTyped(text);
        setOpened(text !== "");
      }}
      dropdownOpened={opened}
      onDropdownOpen={() => setOpened(true)}
      onDropdownClose={() => setOpened(false)}
      {...{ value, onChange }}
    />
  );
}
