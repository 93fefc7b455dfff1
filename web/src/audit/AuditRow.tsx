import { Anchor, Badge, Code, Table, Text, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";

import type { AuditEntry } from "../api/types";
import { formatTime } from "../kit/days";
import { Principal } from "../kit/Person";
import { pathOf } from "../kit/records";
import classes from "./audit.module.css";
import { parsed, useWords } from "./shown";

const COLORS = { CREATED: "green", UPDATED: "ink", DELETED: "red", OTHER: "gray" } as const;

/** One change: who did what to which record; opened, which field was what before. */
export function AuditRow({ entry }: { entry: AuditEntry }) {
  const { t, i18n } = useTranslation("audit");
  const [opened, setOpened] = useState(false);
  const details = useId();
  const { action, title, resource, actor } = entry;
  const path = action === "DELETED" ? undefined : pathOf(resource);
  const called = title || resource;
  // What we have no words for is called as the API calls it.
  const eventText = (event: string) =>
    i18n.exists(`audit:event.${event}`) ? t(`event.${event as "ContactAssigned"}`) : event;
  const Chevron = opened ? IconChevronDown : IconChevronRight;
  return (
    <li className={classes.entry}>
      <div className={classes.line}>
        <UnstyledButton
          className={classes.toggle}
          aria-expanded={opened}
          aria-controls={details}
          aria-label={t("details", { title: called })}
          onClick={() => setOpened(!opened)}
        >
          <Chevron size={16} aria-hidden />
        </UnstyledButton>
        <span className={classes.time}>{formatTime(entry.time ?? "")}</span>
        <span className={classes.actor}>
          <Principal name={actor} />
        </span>
        <Badge color={COLORS[action as keyof typeof COLORS] ?? "gray"} variant="dot" tt="none" fw={500}>
          {action === "OTHER" ? eventText(entry.event) : t(`action.${action}`)}
        </Badge>
        <span className={classes.record}>
          {path ? (
            <Anchor component={Link} to={path} inherit className="anywhere">
              {called}
            </Anchor>
          ) : (
            <span className="anywhere">{called}</span>
          )}
          <Text span size="xs" className="quiet">
            {title && ` ${resource}`}
          </Text>
        </span>
      </div>
      <div id={details} hidden={!opened}>
        {opened && <Details entry={entry} />}
      </div>
    </li>
  );
}

function Details({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation("audit");
  const { label, show } = useWords(entry.service);
  const nothing = <span className="quiet">{t("empty")}</span>;
  return (
    <div className={classes.details}>
      {entry.changes.length > 0 && (
        <Table aria-label={t("changes")} verticalSpacing={6} layout="fixed">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("whichField")}</Table.Th>
              <Table.Th>{t("before")}</Table.Th>
              <Table.Th>{t("after")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {entry.changes.map(({ field, from, to }) => (
              <Table.Tr key={field} className={classes.change}>
                <Table.Td>{label(field)}</Table.Td>
                <Table.Td className="anywhere">{show(field, parsed(from)) || nothing}</Table.Td>
                <Table.Td className="anywhere">{show(field, parsed(to)) || nothing}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <Text size="xs" className="quiet anywhere" mt="xs">
        {t("from", { address: entry.address || "—", session: entry.session || "—", event: entry.event })}
        <br />
        {t("hash")} <Code>{entry.hash}</Code>
      </Text>
    </div>
  );
}
