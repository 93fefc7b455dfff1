import { Anchor, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { HistoryEntry } from "../../api/types";
import { addDays, formatDay, formatHour, today } from "../days";
import { UserName } from "../UserName";
import { chaptersOf, foldedWords } from "./chapters";
import { Entry } from "./Entry";
import classes from "./history.module.css";
import { KIND_ICONS } from "./icons";

type Props = {
  entries: HistoryEntry[];
  /** Whether earlier ones are not loaded yet. */
  more: boolean;
  /** The record on whose page they are told. */
  page: string;
  /** Whether one may change that record. */
  mayEdit: boolean;
};

/** Entries day by day, each day with its heading. */
export function Chapters({ entries, more, ...about }: Props) {
  const { t } = useTranslation("history");
  const called = (day: string) => {
    if (!day) return t("pinnedOnes");
    if (day === today()) return t("today");
    return day === addDays(today(), -1) ? t("yesterday") : formatDay(day);
  };
  return chaptersOf(entries).map(({ day, lines }) => (
    <section key={day} aria-label={called(day)}>
      <Title order={3} className={classes.day}>
        {called(day)}
      </Title>
      <ol className={classes.entries} aria-label={t("title")}>
        {lines.map(([entry, ...others]) =>
          entry && others.length > 0 ? (
            <Several
              key={entry.name}
              entries={[entry, ...others]}
              more={more && others.at(-1) === entries.at(-1)}
              {...about}
            />
          ) : (
            entry && <Entry key={entry.name} entry={entry} ofDay={day !== ""} {...about} />
          ),
        )}
      </ol>
    </section>
  ));
}

/** What somebody did several times within minutes, in one line that opens. */
function Several({ entries, more, ...about }: Props & { entries: [HistoryEntry, ...HistoryEntry[]] }) {
  const { t } = useTranslation("history");
  const [open, setOpen] = useState(false);
  const [{ kind, creator, time = "" }] = entries;
  const words = foldedWords(entries[0]) ?? "FILE_ADDED";
  const told = t(`several.${words}`, { count: entries.length });
  const Icon = KIND_ICONS[kind];
  return (
    <li className={classes.entry}>
      <Icon size={20} stroke={1.5} aria-hidden className={classes.icon} />
      <div className={classes.body}>
        <Text size="sm" className="quiet" component="div">
          {creator.startsWith("users/") && (
            <>
              <UserName name={creator} /> ·{" "}
            </>
          )}
          {formatHour(time)}
        </Text>
        <Anchor component="button" type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
          {more ? t("orMore", { told }) : told}
        </Anchor>
        {open && (
          <ol className={classes.entries}>
            {entries.map((entry) => (
              <Entry key={entry.name} entry={entry} ofDay {...about} />
            ))}
          </ol>
        )}
      </div>
    </li>
  );
}
