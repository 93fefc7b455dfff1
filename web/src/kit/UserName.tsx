import { useQueries, useQuery } from "@tanstack/react-query";

import { groupNamed, userNamed } from "../api/queries";

/** What stands for nobody, and for somebody who is not known. */
export const NOBODY = "—";

type Found = { data?: { displayName: string } | { title: string }; isError: boolean };

/** Nothing until it is known. */
function calledBy({ data, isError }: Found) {
  if (!data) return isError ? NOBODY : "";
  return "displayName" in data ? data.displayName : data.title;
}

/** Who has the name: a user or a group. */
const principalNamed = (name: string) =>
  (name.startsWith("groups/") ? groupNamed(name) : userNamed(name)) as ReturnType<typeof userNamed>;

/** What a user or a group is called. */
export function UserName({ name }: { name: string }) {
  return <>{calledBy(useQuery({ ...principalNamed(name), enabled: name !== "" }))}</>;
}

export function UserNames({ names }: { names: string[] }) {
  const found = useQueries({ queries: names.map(principalNamed) });
  const text = names.length === 0 ? NOBODY : found.map(calledBy).join(", ");
  return <span title={text}>{text}</span>;
}
