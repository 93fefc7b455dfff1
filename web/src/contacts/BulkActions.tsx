import { Button, Checkbox, NativeSelect, Text, Tooltip } from "@mantine/core";
import {
  IconArrowMerge,
  IconCalendarPlus,
  IconDownload,
  IconMail,
  IconTag,
  IconThermometer,
  IconTrash,
  IconUsers,
} from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { idOf } from "../api/client";
import { dictionary, me } from "../api/queries";
import type { BatchChange, Sharing } from "../api/types";
import { PeoplePicker } from "../kit/PeoplePicker";
import { administersCrm } from "../kit/roles";
import { TagInput } from "../kit/TagInput";
import { tellError } from "../kit/toasts";
import type { Chosen } from "./bulk";
import { BulkDialog } from "./BulkDialog";
import { DeletionImpactOfMany } from "./DeletionImpact";
import ExportDialog from "./Exports";
import { beginMailing } from "./mailings/calls";
import { AddToEvent } from "./participants/AddToEvent";
import { SHARINGS } from "./search";

type Act = "tags" | "access" | "kind" | "event" | "delete";
type DialogProps = { chosen: Chosen; count: number; onClose: () => void };

const ACTS: [Act, ReactNode][] = [
  ["tags", <IconTag key="tags" size={14} />],
  ["access", <IconUsers key="access" size={14} />],
  ["kind", <IconThermometer key="kind" size={14} />],
  ["event", <IconCalendarPlus key="event" size={14} />],
  ["delete", <IconTrash key="delete" size={14} />],
];

type Props = {
  names: string[];
  /** What the list shows, all pages of it; none where all of it is on this page. */
  matching?: { filter: string; q: string; total: number };
  /** Makes one of them, where they are two of a kind. */
  onMerge?: () => void;
  /** Told whether something is being done: those it is done to may leave the list meanwhile. */
  onBusy: (busy: boolean) => void;
};

/** What can be done with the contacts that were chosen, or with all that match. */
export default function BulkActions({ names, matching, onMerge, onBusy }: Props) {
  const { t, i18n } = useTranslation("bulk");
  const { data: user } = useQuery(me);
  const [act, choose] = useState<Act>();
  const setAct = (next?: Act) => {
    choose(next);
    onBusy(next !== undefined);
  };
  const [all, setAll] = useState(false);
  const everything = all && matching !== undefined;
  const chosen: Chosen = everything ? { selection: { filter: matching.filter, q: matching.q } } : { names };
  const count = everything ? matching.total : names.length;
  const dialog = { chosen, count, onClose: () => setAct(undefined) };
  return (
    <>
      {matching && (
        <Button size="compact-sm" variant="subtle" aria-pressed={all} onClick={() => setAll(!all)}>
          {all
            ? t("onlyPage")
            : t("allMatching", { total: new Intl.NumberFormat(i18n.language).format(matching.total) })}
        </Button>
      )}
      {everything && (
        <Text size="sm" role="status">
          {t("allChosen", { total: new Intl.NumberFormat(i18n.language).format(matching.total) })}
        </Text>
      )}
      {ACTS.map(([what, icon]) => (
        <Button key={what} size="compact-sm" variant="default" leftSection={icon} onClick={() => setAct(what)}>
          {t(`act.${what}`)}
        </Button>
      ))}
      {administersCrm(user) && <WriteTo chosen={chosen} />}
      <ExportChosen chosen={chosen} />
      {onMerge && (
        <Button size="compact-sm" variant="default" leftSection={<IconArrowMerge size={14} />} onClick={onMerge}>
          {t("merge.action")}
        </Button>
      )}
      {act === "tags" && <TagsDialog {...dialog} />}
      {act === "access" && <AccessDialog {...dialog} />}
      {act === "kind" && <KindDialog {...dialog} />}
      {act === "event" && <AddToEvent {...dialog} />}
      {act === "delete" && <DeleteMany {...dialog} />}
    </>
  );
}

/** The filter language takes so many terms. */
const MOST_EXPORTED = 50;

/** Makes a file of the contacts that were chosen. */
function ExportChosen({ chosen }: { chosen: Chosen }) {
  const { t } = useTranslation("bulk");
  const [wanted, setWanted] = useState<{ filter: string; q?: string }>();
  const tooMany = "names" in chosen && chosen.names.length > MOST_EXPORTED;
  const ask = () =>
    setWanted(
      "names" in chosen ? { filter: chosen.names.map((name) => `name = "${name}"`).join(" OR ") } : chosen.selection,
    );
  return (
    <>
      <Tooltip label={t("exportMost", { most: MOST_EXPORTED })} disabled={!tooMany}>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconDownload size={14} />}
          data-disabled={tooMany || undefined}
          aria-disabled={tooMany || undefined}
          onClick={() => !tooMany && ask()}
        >
          {t("act.export")}
        </Button>
      </Tooltip>
      {wanted && (
        <ExportDialog
          title={t("exportChosen")}
          text={t("exportChosenText")}
          wanted={wanted}
          onClose={() => setWanted(undefined)}
        />
      )}
    </>
  );
}

/** Begins a letter to the contacts that were chosen. */
function WriteTo({ chosen }: { chosen: Chosen }) {
  const { t } = useTranslation("bulk");
  const navigate = useNavigate();
  const begin = useMutation({
    mutationFn: () => beginMailing(chosen),
    onSuccess: ({ name }) => navigate({ to: "/mailings/$id", params: { id: idOf(name) } }),
    onError: tellError,
  });
  return (
    <Button
      size="compact-sm"
      variant="default"
      leftSection={<IconMail size={14} />}
      loading={begin.isPending}
      onClick={() => begin.mutate()}
    >
      {t("act.mail")}
    </Button>
  );
}

function TagsDialog({ chosen, count, onClose }: DialogProps) {
  const { t } = useTranslation("bulk");
  const [addTags, setAdded] = useState<string[]>([]);
  const [removeTags, setRemoved] = useState<string[]>([]);
  return (
    <BulkDialog
      title={t("title.tags", { count })}
      action={t("apply")}
      {...{ chosen, onClose }}
      change={{ addTags, removeTags }}
      ready={addTags.length + removeTags.length > 0}
    >
      <TagInput label={t("addTags")} value={addTags} onChange={setAdded} />
      <TagInput label={t("removeTags")} value={removeTags} onChange={setRemoved} />
    </BulkDialog>
  );
}

function AccessDialog({ chosen, count, onClose }: DialogProps) {
  const { t } = useTranslation(["bulk", "contacts"]);
  const [addManagers, setAdded] = useState<string[]>([]);
  const [removeManagers, setRemoved] = useState<string[]>([]);
  const [sharing, setSharing] = useState<Sharing>();
  const [notify, setNotify] = useState(true);
  return (
    <BulkDialog
      title={t("title.access", { count })}
      action={t("apply")}
      {...{ chosen, onClose, notify }}
      change={{ addManagers, removeManagers, sharing }}
      ready={addManagers.length + removeManagers.length > 0 || sharing !== undefined}
    >
      <PeoplePicker groups crmOnly label={t("addManagers")} value={addManagers} onChange={setAdded} />
      <PeoplePicker groups label={t("removeManagers")} value={removeManagers} onChange={setRemoved} />
      <NativeSelect
        label={t("contacts:field.sharing")}
        data={[
          { value: "", label: t("asIs") },
          ...SHARINGS.map((value) => ({ value, label: t(`contacts:sharing.${value}`) })),
        ]}
        value={sharing ?? ""}
        onChange={(event) => setSharing(SHARINGS.find((known) => known === event.currentTarget.value))}
      />
      <Checkbox
        label={t("contacts:notify")}
        checked={notify}
        onChange={(event) => setNotify(event.currentTarget.checked)}
      />
    </BulkDialog>
  );
}

const AS_IS = "as is";

function KindDialog({ chosen, count, onClose }: DialogProps) {
  const { t } = useTranslation(["bulk", "contacts"]);
  const [type, setType] = useState(AS_IS);
  const [temperature, setTemperature] = useState(AS_IS);
  const types = useQuery(dictionary("contactTypes")).data?.records ?? [];
  const levels = useQuery(dictionary("temperatureLevels")).data?.records ?? [];
  const change: BatchChange = {
    ...(type !== AS_IS && { type }),
    ...(temperature !== AS_IS && { temperature }),
  };
  const choices = (entries: { name: string; title: string }[]) => [
    { value: AS_IS, label: t("asIs") },
    { value: "", label: t("contacts:unset") },
    ...entries.map(({ name, title }) => ({ value: name, label: title })),
  ];
  return (
    <BulkDialog
      title={t("title.kind", { count })}
      action={t("apply")}
      {...{ chosen, change, onClose }}
      ready={Object.keys(change).length > 0}
    >
      <NativeSelect
        label={t("contacts:field.type")}
        data={choices(types)}
        value={type}
        onChange={(event) => setType(event.currentTarget.value)}
      />
      <NativeSelect
        label={t("contacts:field.temperature")}
        data={choices(levels)}
        value={temperature}
        onChange={(event) => setTemperature(event.currentTarget.value)}
      />
    </BulkDialog>
  );
}

function DeleteMany({ chosen, count, onClose }: DialogProps) {
  const { t } = useTranslation(["bulk", "kit"]);
  return (
    <BulkDialog title={t("title.delete", { count })} action={t("kit:delete.action")} danger {...{ chosen, onClose }}>
      <Text size="sm">{t("deleteText")}</Text>
      <DeletionImpactOfMany contacts={"names" in chosen ? chosen.names : undefined} />
    </BulkDialog>
  );
}
