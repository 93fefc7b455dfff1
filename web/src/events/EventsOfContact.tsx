import { Anchor, Badge, Button, Skeleton } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { idOf } from "../api/client";
import { listOf } from "../api/queries";
import { Unavailable } from "../kit/EmptyState";
import { Section } from "../kit/RecordPage";
import { participationsOf } from "./calls";
import classes from "./events.module.css";
import { Marks } from "./guests/Marks";
import { eventFilter } from "./search";
import { Lock, whenIs } from "./shown";

const SHOWN = 10;

/** The events that a contact takes part in; the page of the contact shows them. */
export function EventsOfContact({ contact }: { contact: string }) {
  const { t } = useTranslation("events");
  const participant = idOf(contact);
  const query = { filter: eventFilter({ participant }), orderBy: "start_time desc", pageSize: SHOWN };
  const { data, error, refetch } = useQuery(listOf("events", query));
  const said = useQuery(participationsOf(contact, data?.records.map(({ name }) => name) ?? [])).data;
  return (
    <Section
      title={t("title.all")}
      action={
        <Button
          size="xs"
          variant="default"
          component={Link}
          to="/events/new"
          search={{ participant } as never}
          leftSection={<IconPlus size={14} />}
        >
          {t("add")}
        </Button>
      }
    >
      {error && !data && <Unavailable error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton height={60} />}
      {data?.records.length === 0 && <span className="quiet">{t("noneForContact")}</span>}
      <ul className={classes.rows}>
        {data?.records.map((event) => {
          const guest = said?.get(event.name);
          return (
            <li key={event.name} className={classes.row}>
              <span className={classes.title}>
                <Anchor component={Link} to={`/${event.name}` as "/"} inherit fw={500}>
                  {event.title}
                </Anchor>
                <Lock event={event} />
              </span>
              <span className="numeric quiet">{whenIs(event)}</span>
              {guest && <Marks guest={guest} />}
              <Badge variant="default" tt="none" fw={500}>
                {t(`state.${event.state}`)}
              </Badge>
            </li>
          );
        })}
      </ul>
      {data && data.totalSize > SHOWN && (
        <Anchor component={Link} to="/events" search={{ participant } as never} size="sm">
          {t("showAll", { count: data.totalSize })}
        </Anchor>
      )}
    </Section>
  );
}
