import { useQuery } from "@tanstack/react-query";

import { userNamed } from "../api/queries";

/** What a user is called; nothing until that is known. */
export function UserName({ name }: { name: string }) {
  const { data } = useQuery({ ...userNamed(name), enabled: name !== "" });
  return <>{data?.displayName ?? ""}</>;
}

export function UserNames({ names }: { names: string[] }) {
  return (
    <>
      {names.map((name, index) => (
        <span key={name}>
          {index > 0 && ", "}
          <UserName name={name} />
        </span>
      ))}
    </>
  );
}
