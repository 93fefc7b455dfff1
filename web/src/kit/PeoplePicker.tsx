import { Avatar, MultiSelect, Pill, type MultiSelectProps } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconUsersGroup } from "@tabler/icons-react";
import { keepPreviousData, useQueries, useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { groupNamed, listOf, userNamed } from "../api/queries";
import type { Group, User } from "../api/types";
import { UserPhoto } from "./Person";
import classes from "./Person.module.css";

type Props = {
  label: string;
  description?: ReactNode;
  error?: ReactNode;
  value: string[];
  onChange: (names: string[]) => void;
  /** Whether groups may be chosen besides people. */
  groups?: boolean;
  /** Whether only those may be chosen who may use the CRM. */
  crmOnly?: boolean;
};

type Choice = { user: User; group?: undefined } | { group: Group; user?: undefined };

const titleOf = ({ user, group }: Choice) => (user ? user.displayName : group.title);

/** Everything the picker has to show: what was found, and what is chosen already. */
function useChoices({ value, groups = false, crmOnly = false }: Props, q: string) {
  const people = useQuery({
    ...listOf("users", { q, filter: "state = ACTIVE", pageSize: 50 }),
    placeholderData: keepPreviousData,
  });
  const teams = useQuery({
    ...listOf("groups", { q, pageSize: 20 }),
    placeholderData: keepPreviousData,
    enabled: groups,
  });
  const named = (collection: string) => value.filter((name) => name.startsWith(`${collection}/`));
  const chosenPeople = useQueries({ queries: named("users").map((name) => userNamed(name)) });
  const chosenTeams = useQueries({ queries: named("groups").map((name) => groupNamed(name)) });
  const choices = new Map<string, Choice>();
  for (const group of teams.data?.records ?? []) choices.set(group.name, { group });
  for (const user of people.data?.records ?? []) if (!crmOnly || user.crmAccess) choices.set(user.name, { user });
  for (const { data: user } of chosenPeople) if (user) choices.set(user.name, { user });
  for (const { data: group } of chosenTeams) if (group) choices.set(group.name, { group });
  return choices;
}

function Face({ choice, size }: { choice: Choice | undefined; size: number }) {
  if (!choice?.group) return <UserPhoto user={choice?.user} size={size} />;
  return (
    <Avatar size={size} color="ink" aria-hidden>
      <IconUsersGroup size={size * 0.6} />
    </Avatar>
  );
}

/** Chooses people, and groups where they may be chosen, by any word of their names. */
export function PeoplePicker(props: Props) {
  const { label, description, error, value, onChange, groups } = props;
  const { t } = useTranslation("kit");
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed, 200);
  const choices = useChoices(props, q);
  const items = (kind: "user" | "group") =>
    [...choices]
      .filter(([, choice]) => choice[kind])
      .map(([name, choice]) => ({ value: name, label: titleOf(choice) }));
  const known = new Set(choices.keys());
  const unknown = value.filter((name) => !known.has(name)).map((name) => ({ value: name, label: "…" }));
  const data = groups
    ? [
        { group: t("people.groups"), items: items("group") },
        { group: t("people.users"), items: [...items("user"), ...unknown] },
      ]
    : [...items("user"), ...unknown];
  const renderOption: MultiSelectProps["renderOption"] = ({ option }) => {
    const choice = choices.get(option.value);
    return (
      <span className={classes.option}>
        <Face choice={choice} size={26} />
        <span className="anywhere">
          {option.label}
          <div className={classes.sub}>
            {choice?.group ? t("people.members", { count: choice.group.members.length }) : choice?.user?.email}
          </div>
        </span>
      </span>
    );
  };
  return (
    <MultiSelect
      {...{ label, description, error, value, onChange, data, renderOption }}
      searchable
      hidePickedOptions
      maxDropdownHeight={320}
      nothingFoundMessage={t("nothingFound")}
      placeholder={t(groups ? "people.addAny" : "people.add")}
      // The API has searched already.
      filter={({ options }) => options}
      searchValue={typed}
      onSearchChange={setTyped}
      renderPill={({ option, onRemove, disabled }) => (
        <Pill
          withRemoveButton={!disabled}
          onRemove={onRemove}
          removeButtonProps={{ "aria-label": t("people.remove", { name: option.label }), "aria-hidden": false }}
        >
          <span className={classes.person}>
            <Face choice={choices.get(String(option.value))} size={18} />
            {option.label}
          </span>
        </Pill>
      )}
    />
  );
}
