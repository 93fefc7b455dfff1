import { Badge, Group, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { eventNamed } from "../api/queries";
import type { Event } from "../api/types";
import { AccessPanel } from "../kit/AccessPanel";
import { formatTime } from "../kit/days";
import { PageUnavailable } from "../kit/EmptyState";
import { Fact, Facts } from "../kit/Facts";
import { FileList } from "../kit/files/FileList";
import { Flash } from "../kit/Flash";
import { HistoryPanel } from "../kit/history/HistoryPanel";
import { Principals } from "../kit/Person";
import { RecordPage, Section } from "../kit/RecordPage";
import { RecordTabs } from "../kit/RecordTabs";
import { UserName } from "../kit/UserName";
import { AccessDialog } from "./BulkActions";
import { DeleteEvent } from "./DeleteEvent";
import { EventMenu } from "./EventMenu";
import { GuestsTab, type AddManyDialog } from "./guests/GuestsTab";
import { Outdated } from "./guests/Outdated";
import { MoveDialog } from "./MoveDialog";
import { remindersOf } from "./reminders";
import { CloseBox, Lock, Own, Tags, whenIs } from "./shown";

/** Everything about one event. */
export function EventPage({ AddMany }: { AddMany: AddManyDialog }) {
  const { id } = useParams({ from: "/frame/events/$id" });
  const { data: event, error, refetch } = useQuery(eventNamed(`events/${id}`));
  if (error) return <PageUnavailable error={error} onRetry={() => void refetch()} />;
  if (!event) return <Skeleton height={320} m="lg" maw={1000} />;
  return <Whole key={id} {...{ event, id, AddMany }} />;
}

function Whole({ event, id, AddMany }: { event: Event; id: string; AddMany: AddManyDialog }) {
  const { t } = useTranslation("events");
  const navigate = useNavigate();
  const [asked, setAsked] = useState<"access" | "move" | "delete">();
  const close = () => setAsked(undefined);
  const people = event.participantCount;
  return (
    <RecordPage
      title={event.title}
      subtitle={whenIs(event) || t("one")}
      mark={
        <Group h={34}>
          <CloseBox event={event} />
        </Group>
      }
      badge={
        <>
          <Lock event={event} />
          <Badge
            variant={event.state === "CANCELLED" ? "light" : "default"}
            color={event.state === "CANCELLED" ? "red" : undefined}
            tt="none"
            fw={500}
          >
            {t(`state.${event.state}`)}
          </Badge>
        </>
      }
      edit={{ label: t("editShort"), act: () => void navigate({ to: "/events/$id/edit", params: { id } }) }}
      menu={
        <EventMenu
          event={event}
          onAccess={() => setAsked("access")}
          onMove={() => setAsked("move")}
          onDelete={() => setAsked("delete")}
        />
      }
    >
      <Outdated event={event} />
      <RecordTabs
        tabs={[
          { value: "profile", label: t("tab.profile"), content: <Overview event={event} /> },
          {
            value: "participants",
            label: people > 0 ? t("tab.participantsCount", { count: people }) : t("field.participants"),
            content: <GuestsTab {...{ event, AddMany }} />,
          },
          {
            value: "documents",
            label: t("tab.documents"),
            content: <FileList subject={event.name} mayEdit />,
          },
        ]}
      />
      {asked === "access" && <AccessDialog events={[event]} onClose={close} />}
      {asked === "move" && <MoveDialog event={event} onClose={close} />}
      {asked === "delete" && (
        <DeleteEvent event={event} onDone={() => void navigate({ to: "/events" })} onClose={close} />
      )}
    </RecordPage>
  );
}

function Overview({ event }: { event: Event }) {
  const { t } = useTranslation("events");
  const { description, place, tags, custom, access, creator, createTime = "", closeTime } = event;
  const { capacity, reminders, guestCounts } = event;
  return (
    <>
      <Flash record={event}>
        <Section title={t("section.facts")}>
          <Facts>
            <Fact label={t("when")}>{whenIs(event)}</Fact>
            <Fact label={t("field.place")}>{place && <span className="anywhere">{place}</span>}</Fact>
            <Fact label={t("field.capacity")}>
              {capacity > 0 && t("placesTaken", { count: guestCounts?.acceptedCount ?? 0, capacity })}
            </Fact>
            <Fact label={t("field.reminders")}>{remindersOf(reminders)}</Fact>
            <Fact label={t("field.description")}>
              {description && <span className="preserve-lines">{description}</span>}
            </Fact>
            <Fact label={t("field.tags")}>{tags.length > 0 && <Tags tags={tags} />}</Fact>
            <Own custom={custom} />
            <Fact label={t("field.access")}>
              {access?.isPrivate ? <Principals names={access.readers} /> : t("openHint")}
            </Fact>
            <Fact label={t(event.state === "CANCELLED" ? "state.CANCELLED" : "state.CLOSED")}>
              {closeTime && formatTime(closeTime)}
            </Fact>
            <Fact label={t("created")}>
              {formatTime(createTime)}
              {creator && (
                <span className="quiet">
                  {" · "}
                  <UserName name={creator} />
                </span>
              )}
            </Fact>
          </Facts>
          <AccessPanel name={event.name} />
        </Section>
      </Flash>
      <HistoryPanel subject={event.name} mayEdit />
    </>
  );
}
