import { Avatar, Group, type AvatarProps } from "@mantine/core";
import { IconShieldHalf, IconUsers, IconUsersGroup } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { userNamed } from "../api/queries";
import type { User } from "../api/types";
import classes from "./Person.module.css";
import { NOBODY, UserName } from "./UserName";

type Pictured = Pick<User, "name" | "displayName" | "photo">;

/** Where the photo of a user is; the version lets browsers keep each. */
function photoOf({ name, photo }: Pictured) {
  return photo ? `/v1/${name}:photo?version=${encodeURIComponent(photo)}` : undefined;
}

/** What a user looks like: the photo, or initials. */
export function UserPhoto({ user, ...avatar }: { user: Pictured | undefined } & AvatarProps) {
  const src = user && photoOf(user);
  return <Avatar src={src} name={user?.displayName ?? ""} color="ink" alt="" aria-hidden {...avatar} />;
}

/** A user with photo and name, by the resource name. */
export function Person({ name }: { name: string }) {
  const { data: user } = useQuery(userNamed(name));
  return (
    <span className={classes.person}>
      <UserPhoto user={user} size={22} />
      <span className="anywhere">
        <UserName name={name} />
      </span>
    </span>
  );
}

const ICONS = { groups: IconUsersGroup, everyone: IconUsers, administrators: IconShieldHalf };

/** Whoever may be given a right: a user, a group, everyone, the administrators. */
export function Principal({ name }: { name: string }) {
  const { t } = useTranslation("kit");
  const kind = name.split("/")[0];
  if (kind === "users") return <Person name={name} />;
  if (kind !== "groups" && kind !== "everyone" && kind !== "administrators") return <>{name}</>;
  const Icon = ICONS[kind];
  return (
    <span className={classes.person}>
      <Avatar size={22} color="ink" aria-hidden>
        <Icon size={14} />
      </Avatar>
      <span className="anywhere">{kind === "groups" ? <UserName name={name} /> : t(`principal.${kind}`)}</span>
    </span>
  );
}

/** Several users and groups, each with what they look like. */
export function Principals({ names }: { names: string[] }) {
  if (names.length === 0) return <>{NOBODY}</>;
  return (
    <Group gap="4px 14px">
      {names.map((name) => (
        <Principal key={name} name={name} />
      ))}
    </Group>
  );
}
