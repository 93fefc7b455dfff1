import { Badge, Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { dictionary } from "../api/queries";
import classes from "./contacts.module.css";

/** The colour of an entry of a dictionary, where it has one. */
export function Dot({ color }: { color: string }) {
  if (!color) return null;
  return <span className={classes.dot} style={{ background: color }} aria-hidden />;
}

/** What a contact type or a temperature level is called, with its colour. */
export function Titled({ name }: { name: string }) {
  const collection = name.startsWith("contactTypes/") ? "contactTypes" : "temperatureLevels";
  const entry = useQuery({ ...dictionary(collection), enabled: name !== "" }).data?.records.find(
    (known) => known.name === name,
  );
  if (!entry) return null;
  return (
    <span className={classes.titled}>
      <Dot color={entry.color} />
      <span className="anywhere">{entry.title}</span>
    </span>
  );
}

/** Tags; each leads to all contacts that have it. */
export function Tags({ tags }: { tags: string[] }) {
  if (tags.length === 0) return null;
  return (
    <Group gap={4}>
      {tags.map((tag) => (
        <Badge
          key={tag}
          component={Link}
          to="/contacts"
          search={{ tag } as never}
          variant="default"
          tt="none"
          fw={500}
          style={{ cursor: "pointer" }}
        >
          {tag}
        </Badge>
      ))}
    </Group>
  );
}
