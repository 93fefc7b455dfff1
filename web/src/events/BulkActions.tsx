import { Anchor, Button, Checkbox, Group, List, Modal, Stack, Text } from "@mantine/core";
import { IconCalendarCheck, IconLock, IconTag, IconTrash } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { keys } from "../api/queries";
import type { Access, Event } from "../api/types";
import { ErrorBox } from "../kit/ErrorBox";
import { PeoplePicker } from "../kit/PeoplePicker";
import { TagInput } from "../kit/TagInput";
import { tell } from "../kit/toasts";
import { changeMany, SILENTLY, type BatchChange, type Outcome, type Telling } from "./calls";
import { CallOff } from "./guests/CallOff";
import { expectedOf } from "./guests/expected";

const sum = (counts: number[]) => counts.reduce((all, each) => all + each, 0);

type Act = "tags" | "access" | "close" | "delete";

const ACTS: [Act, ReactNode][] = [
  ["tags", <IconTag key="tags" size={14} />],
  ["access", <IconLock key="access" size={14} />],
  ["close", <IconCalendarCheck key="close" size={14} />],
  ["delete", <IconTrash key="delete" size={14} />],
];

/** What can be done with the events that were chosen. */
export function BulkActions({ events, onDone }: { events: Event[]; onDone: () => void }) {
  const { t } = useTranslation("events");
  const [act, setAct] = useState<Act>();
  const [telling, setTelling] = useState(SILENTLY);
  const dialog = { events, onDone, onClose: () => setAct(undefined) };
  return (
    <>
      {ACTS.map(([what, icon]) => (
        <Button key={what} size="compact-sm" variant="default" leftSection={icon} onClick={() => setAct(what)}>
          {t(`act.${what}`)}
        </Button>
      ))}
      {act === "tags" && <TagsDialog {...dialog} />}
      {act === "access" && <AccessDialog {...dialog} />}
      {act === "close" && (
        <BulkDialog {...dialog} title={t("title.close", { count: events.length })} change={{ state: "CLOSED" }}>
          <Text size="sm">{t("closeText")}</Text>
        </BulkDialog>
      )}
      {act === "delete" && (
        <BulkDialog {...dialog} danger telling={telling} title={t("title.delete", { count: events.length })}>
          <Text size="sm">{t("delete.consequence")}</Text>
          <CallOff count={sum(events.map(expectedOf))} value={telling} onChange={setTelling} />
        </BulkDialog>
      )}
    </>
  );
}

type DialogProps = { events: Event[]; onDone?: () => void; onClose: () => void };

type BulkProps = DialogProps & {
  title: string;
  danger?: boolean;
  /** What is done to each; none deletes them. */
  change?: BatchChange;
  telling?: Telling;
  ready?: boolean;
  children: ReactNode;
};

/** Asks what to do to several events, and says which were refused, and why. */
function BulkDialog(props: BulkProps) {
  const { events, title, danger, change, telling = SILENTLY, ready = true, onDone, onClose, children } = props;
  const { t } = useTranslation(["events", "kit"]);
  const client = useQueryClient();
  const [outcome, setOutcome] = useState<Outcome>();
  const run = useMutation({
    mutationFn: () =>
      changeMany(
        events.map(({ name }) => name),
        change,
        telling,
      ),
    onSuccess: (result) => {
      for (const collection of ["events", "eventTags", "historyEntries"])
        void client.invalidateQueries({ queryKey: [collection] });
      for (const { name } of events) void client.invalidateQueries({ queryKey: keys.one(name) });
      if (result.refusals.length > 0) return setOutcome(result);
      tell(t(change ? "changedCount" : "deletedCount", { count: result.changedCount }));
      onDone?.();
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={title} closeOnClickOutside={!run.isPending}>
      <Stack>
        {!outcome && children}
        {outcome && <Refused outcome={outcome} />}
        {run.error && <ErrorBox error={run.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus={outcome ? true : undefined}>
            {t(outcome ? "kit:close" : "kit:cancel")}
          </Button>
          {!outcome && (
            <Button
              color={danger ? "red" : undefined}
              disabled={!ready}
              loading={run.isPending}
              onClick={() => run.mutate()}
            >
              {t(danger ? "kit:delete.action" : "apply")}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}

function Refused({ outcome }: { outcome: Outcome }) {
  const { t } = useTranslation("events");
  const { changedCount, refusals } = outcome;
  return (
    <>
      <Text size="sm" role="status">
        {t("result", { done: changedCount, refused: refusals.length })}
      </Text>
      <List size="sm" mah={320} style={{ overflowY: "auto" }}>
        {refusals.map(({ event, title, message }) => (
          <List.Item key={event}>
            <Anchor component={Link} to={`/${event}` as "/"} inherit>
              {title || t("hidden")}
            </Anchor>
            : {message}
          </List.Item>
        ))}
      </List>
    </>
  );
}

function TagsDialog(props: DialogProps) {
  const { t } = useTranslation("events");
  const [addTags, setAdded] = useState<string[]>([]);
  const [removeTags, setRemoved] = useState<string[]>([]);
  return (
    <BulkDialog
      {...props}
      title={t("title.tags", { count: props.events.length })}
      change={{ addTags, removeTags }}
      ready={addTags.length + removeTags.length > 0}
    >
      <TagInput collection="eventTags" label={t("addTags")} value={addTags} onChange={setAdded} />
      <TagInput collection="eventTags" label={t("removeTags")} value={removeTags} onChange={setRemoved} />
    </BulkDialog>
  );
}

/** Says who may see and change events: of one as it is, of several anew. */
export function AccessDialog(props: DialogProps) {
  const { t } = useTranslation("events");
  const [only, another] = props.events;
  const [access, setAccess] = useState<Access>((!another && only?.access) || { isPrivate: true, readers: [] });
  return (
    <BulkDialog {...props} title={t("title.access", { count: props.events.length })} change={{ access }}>
      <AccessFields value={access} onChange={setAccess} />
    </BulkDialog>
  );
}

type FieldsProps = { value: Access; error?: ReactNode; onChange: (access: Access) => void };

/** "Restrict access", and to whom. */
export function AccessFields({ value, error, onChange }: FieldsProps) {
  const { t } = useTranslation("events");
  const { isPrivate, readers } = value;
  return (
    <Stack gap="xs">
      <Checkbox
        label={t("restrict")}
        description={t(isPrivate ? "restrictedHint" : "openHint")}
        checked={isPrivate}
        onChange={(event) => onChange({ isPrivate: event.currentTarget.checked, readers })}
      />
      {isPrivate && (
        <PeoplePicker
          groups
          crmOnly
          label={t("readers")}
          description={t("readersHint")}
          error={error}
          value={readers}
          onChange={(names) => onChange({ isPrivate, readers: names })}
        />
      )}
    </Stack>
  );
}
