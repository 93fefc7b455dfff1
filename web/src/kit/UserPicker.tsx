import { MultiSelect } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQueries, useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { listOf, userNamed } from "../api/queries";

type Props = {
  label: string;
  description?: ReactNode;
  error?: ReactNode;
  value: string[];
  onChange: (names: string[]) => void;
};

/** Chooses users by name or e-mail. */
export function UserPicker({ value, onChange, ...input }: Props) {
  const { t } = useTranslation("kit");
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed, 200);
  const chosen = useQueries({ queries: value.map((name) => userNamed(name)) });
  const found = useQuery({
    ...listOf("users", { q, filter: "state = ACTIVE", pageSize: 20 }),
    placeholderData: keepPreviousData,
  });
  const titles = new Map<string, string>();
  for (const user of found.data?.records ?? []) titles.set(user.name, user.displayName);
  value.forEach((name, index) => titles.set(name, chosen[index]?.data?.displayName ?? name));
  return (
    <MultiSelect
      searchable
      hidePickedOptions
      nothingFoundMessage={t("nothingFound")}
      placeholder={t("addUser")}
      data={[...titles].map(([name, title]) => ({ value: name, label: title }))}
      // The API has searched already.
      filter={({ options }) => options}
      searchValue={typed}
      onSearchChange={setTyped}
      value={value}
      onChange={onChange}
      {...input}
    />
  );
}
