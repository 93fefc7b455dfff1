import { NumberInput, Skeleton, SimpleGrid, Stack, Text, Textarea, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch, type NavigateOptions } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { idOf } from "../api/client";
import { dictionary, eventNamed, me } from "../api/queries";
import type { Access, Custom, Event, User } from "../api/types";
import { CustomFields } from "../kit/CustomFields";
import { formatTime } from "../kit/days";
import { PageUnavailable } from "../kit/EmptyState";
import { FormPage } from "../kit/FormPage";
import { MomentInput } from "../kit/MomentInput";
import { Principals } from "../kit/Person";
import { useRecordForm } from "../kit/recordForm";
import { TagInput } from "../kit/TagInput";
import { tell } from "../kit/toasts";
import { AccessFields } from "./BulkActions";
import { createEvent, updateEvent } from "./calls";
import { ContactTitles, ParticipantsField, SameParticipants } from "./Participants";
import { RemindersInput } from "./RemindersInput";
import { remindersOf } from "./reminders";
import { maySayWho } from "./rights";
import { blank, bodyOf, endAfter, FIELDS, tidy, validate, valuesOf, type EventValues } from "./values";

/** The page where an event is added. */
export function NewEvent() {
  const { participant, day, copy } = useSearch({ from: "/frame/events/new" });
  const { data: user } = useQuery(me);
  const { data: source, error, refetch } = useQuery({ ...eventNamed(`events/${copy}`), enabled: copy !== undefined });
  if (error && !source) return <PageUnavailable error={error} onRetry={() => void refetch()} />;
  if (!user || (copy && !source)) return null;
  const given = { participant: participant && `contacts/${participant}`, day, source };
  return <Form key={`${participant ?? ""}/${day ?? ""}/${copy ?? ""}`} {...given} user={user} />;
}

/** The page where an event is changed. */
export function EditEvent() {
  const { id } = useParams({ from: "/frame/events/$id/edit" });
  const { data: user } = useQuery(me);
  const { data: event, error, refetch } = useQuery(eventNamed(`events/${id}`));
  if (event && user) return <Form key={id} record={event} lookError={error} user={user} />;
  if (error) return <PageUnavailable error={error} onRetry={() => void refetch()} />;
  return <Skeleton height={420} m="lg" maw={820} />;
}

type Props = {
  participant?: string;
  day?: string;
  /** The event that the new one is a copy of. */
  source?: Event;
  record?: Event;
  lookError?: Error | null;
  user: User;
};

function Form({ participant, day, source, record, lookError, user }: Props) {
  const { t } = useTranslation(["events", "kit"]);
  const navigate = useNavigate();
  const client = useQueryClient();
  const form = useRecordForm<Event, EventValues>({
    draftKey: record ? record.name : ["events/new", participant, day, source?.name].filter(Boolean).join("/"),
    record,
    lookError,
    blank: source ? { ...valuesOf(source), participants: [] } : blank(participant ? [participant] : [], day),
    fields: FIELDS,
    ...{ valuesOf, tidy, validate },
    create: (values, submission) => createEvent(bodyOf(values), submission),
    update: (from, values, changed) => updateEvent(from, bodyOf(values, changed)),
    fetchLatest: (name) => client.fetchQuery({ ...eventNamed(name), staleTime: 0 }),
    onSaved: (saved, another) => {
      tell(t(record ? "changed" : "added", { title: saved.title }));
      if (!another) void navigate(pageOf(saved));
      else document.querySelector<HTMLElement>("form input")?.focus();
    },
  });
  return (
    <FormPage
      title={record ? t("editing", { title: record.title }) : t("new")}
      record={form}
      save={t(record ? "kit:form.saveChanges" : "kit:form.save")}
      another={record ? undefined : t("saveAndNew")}
      onCancel={() => void navigate(record ? pageOf(record) : { to: "/events" })}
      list="/events"
      labelOf={(field) => t(`field.${field}`)}
      show={(field, value) => <Shown field={field} value={value} />}
    >
      <Fields form={form.form} {...{ record, source }} maySay={!record || maySayWho(record, user)} />
    </FormPage>
  );
}

type FieldsProps = { form: UseFormReturnType<EventValues>; record?: Event; source?: Event; maySay: boolean };

/** The fields of an event, in the guide's order. */
function Fields({ form, record, source, maySay }: FieldsProps) {
  const { t } = useTranslation("events");
  const own = useQuery(dictionary("eventFields")).data?.records ?? [];
  const { participants, startTime, endTime, reminders, tags, custom, access } = form.getValues();
  return (
    <Stack>
      <TextInput label={t("field.title")} required data-autofocus {...form.getInputProps("title")} />
      <ParticipantsField
        event={record ?? source}
        value={participants}
        error={form.errors.participants}
        onChange={(names) => form.setFieldValue("participants", names)}
      />
      {source && participants.length === 0 && (
        <SameParticipants event={source} onTake={(names) => form.setFieldValue("participants", names)} />
      )}
      <Textarea
        label={t("field.description")}
        autosize
        minRows={3}
        maxRows={14}
        {...form.getInputProps("description")}
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <MomentInput
          label={t("field.startTime")}
          value={startTime}
          error={form.errors.startTime}
          onChange={(instant) =>
            form.setValues({ startTime: instant, endTime: endAfter(instant, { startTime, endTime }) })
          }
        />
        <MomentInput
          label={t("field.endTime")}
          value={endTime}
          near={startTime}
          error={form.errors.endTime}
          onChange={(instant) => form.setFieldValue("endTime", instant)}
        />
      </SimpleGrid>
      <TextInput label={t("field.place")} {...form.getInputProps("place")} />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <NumberInput
          label={t("field.capacity")}
          description={t("capacityHint")}
          min={1}
          max={1_000_000}
          allowDecimal={false}
          allowNegative={false}
          {...form.getInputProps("capacity")}
        />
        <RemindersInput
          value={reminders}
          error={form.errors.reminders}
          onChange={(minutes) => form.setFieldValue("reminders", minutes)}
        />
      </SimpleGrid>
      <TagInput
        collection="eventTags"
        label={t("field.tags")}
        description={t("tagsHint")}
        error={form.errors.tags}
        value={tags}
        onChange={(titles) => form.setFieldValue("tags", titles)}
      />
      <CustomFields
        fields={own}
        values={custom}
        errors={form.errors}
        onChange={(values) => form.setFieldValue("custom", values)}
      />
      {maySay ? (
        <AccessFields
          value={access}
          error={form.errors["access.readers"]}
          onChange={(changed) => form.setFieldValue("access", changed)}
        />
      ) : (
        <Text size="sm" className="quiet">
          {t("onlyCreator")}
        </Text>
      )}
    </Stack>
  );
}

/** The value of an event's field as a person reads it. */
function Shown({ field, value }: { field: keyof EventValues; value: unknown }) {
  const { t } = useTranslation("events");
  const own = useQuery(dictionary("eventFields")).data?.records ?? [];
  switch (field) {
    case "participants":
      return <ContactTitles names={value as string[]} />;
    case "startTime":
    case "endTime":
      return <>{formatTime(value as string)}</>;
    case "reminders":
      return <>{remindersOf(value as number[])}</>;
    case "tags":
      return <>{(value as string[]).join(", ")}</>;
    case "custom": {
      const custom = value as Custom;
      const shown = own.filter(({ name }) => custom[name] !== undefined);
      return <>{shown.map(({ name, label }) => `${label}: ${String(custom[name])}`).join("\n")}</>;
    }
    case "access": {
      const { isPrivate, readers } = value as Access;
      return isPrivate ? <Principals names={readers} /> : <>{t("openHint")}</>;
    }
    default:
      return <>{value as string | number}</>;
  }
}

function pageOf(event: Event): NavigateOptions {
  return { to: "/events/$id", params: { id: idOf(event.name) } };
}
