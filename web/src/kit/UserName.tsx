import { useQueries, useQuery } from "@tanstack/react-query";

import { userNamed } from "../api/queries";

/** What stands for nobody, and for somebody who is not known. */
const NOBODY = "—";

type Found = { data?: { displayName: string }; isError: boolean };

/** Nothing until it is known. */
const calledBy = ({ data, isError }: Found) => data?.displayName ?? (isError ? NOBODY : "");

/** What a user is called. */
export function UserName({ name }: { name: string }) {
  return <>{calledBy(useQuery({ ...userNamed(name), enabled: name !== "" }))}</>;
}

export function UserNames({ names }: { names: string[] }) {
  const users = useQueries({ queries: names.map((name) => userNamed(name)) });
  const text = names.length === 0 ? NOBODY : users.map(calledBy).join(", ");
  return <span title={text}>{text}</span>;
}
