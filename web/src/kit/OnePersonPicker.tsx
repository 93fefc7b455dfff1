import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { listOf, userNamed } from "../api/queries";
import { UserPhoto } from "./Person";
import classes from "./Person.module.css";

type Props = {
  label: string;
  /** In a row of filters, the label stands in the box while nobody is chosen. */
  hideLabel?: boolean;
  className?: string;
  error?: ReactNode;
  /** Somebody who cannot be chosen. */
  except?: string;
  value: string;
  onChange: (name: string) => void;
};

/** Chooses one person by any word of the name. */
export function OnePersonPicker({ label, hideLabel, className, error, except, value, onChange }: Props) {
  const { t } = useTranslation("kit");
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed, 200);
  const found = useQuery({
    // What is chosen stands in the box as if it had been typed: that is no question.
    ...listOf("users", { q: value ? "" : q, filter: "state = ACTIVE", pageSize: 50 }),
    placeholderData: keepPreviousData,
  });
  const chosen = useQuery({ ...userNamed(value), enabled: value !== "" }).data;
  const others = found.data?.records.filter((user) => user.name !== except && user.name !== value) ?? [];
  const people = chosen ? [chosen, ...others] : others;
  return (
    <Select
      {...{ className, error }}
      {...(hideLabel ? { "aria-label": label } : { label, required: true })}
      searchable
      clearable
      clearButtonProps={{ "aria-label": t("filter.clear") }}
      placeholder={hideLabel ? label : t("typeToSearch")}
      nothingFoundMessage={t("nothingFound")}
      data={people.map((user) => ({ value: user.name, label: user.displayName }))}
      filter={({ options }) => options}
      onSearchChange={setTyped}
      value={value || null}
      onChange={(name) => onChange(name ?? "")}
      renderOption={({ option }) => {
        const user = people.find(({ name }) => name === option.value);
        return (
          <span className={classes.option}>
            <UserPhoto user={user} size={26} />
            <span className="anywhere">
              {option.label}
              <div className={classes.sub}>{user?.email}</div>
            </span>
          </span>
        );
      }}
    />
  );
}
