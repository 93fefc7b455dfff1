import { Button, Group, Pill, Select, SimpleGrid, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { submissionKeys } from "../../api/client";
import { dictionary, keys } from "../../api/queries";
import type { HistoryEntry } from "../../api/types";
import { useCallForm } from "../callForm";
import { readDraft, useDraft } from "../draft";
import { ErrorBox } from "../ErrorBox";
import { fileNamed, upload } from "../files/calls";
import { DropZone } from "../files/DropZone";
import { LeaveGuard } from "../LeaveGuard";
import { MomentInput } from "../MomentInput";
import { PeoplePicker } from "../PeoplePicker";
import RichText from "../RichText";
import { draftOf, rewrite, writeDown, type Note } from "./calls";
import classes from "./history.module.css";
import { CATEGORY_ICONS } from "./icons";

type Props = {
  subject: string;
  /** Whether one may add files to the subject. */
  mayAttach: boolean;
  /** The entry to change; none to write a new one. */
  entry?: HistoryEntry;
  onDone: () => void;
};

const BLANK: Note = { category: "", time: "", text: "", notify: [] };

const noteOf = ({ category, time = "", text, notify }: HistoryEntry): Note => ({ category, time, text, notify });

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** Where one writes down what happened. */
export default function Composer({ subject, mayAttach, entry, onDone }: Props) {
  const { t } = useTranslation(["history", "errors", "kit"]);
  const client = useQueryClient();
  const began = entry ? noteOf(entry) : BLANK;
  const draftKey = entry ? entry.name : draftOf(subject);
  const [kept] = useState(() => readDraft<null, Note>(draftKey)?.values);
  const [submission] = useState(submissionKeys);
  const attached = useAttached(subject, entry?.files ?? []);
  const form = useForm<Note>({
    initialValues: kept ?? began,
    validate: { text: (text) => (text || attached.count > 0 ? null : t("errors:required")) },
  });
  const values = form.getValues();
  const dirty = !same(values, began);
  const forget = useDraft<null, Note>(draftKey, { base: null, values }, dirty);
  const close = () => {
    forget();
    onDone();
  };
  const { submit, pending, error, marked } = useCallForm<Note, HistoryEntry>({
    form,
    run: async (note) => {
      const files = await attached.send();
      return entry ? rewrite(entry, note, files) : writeDown(subject, note, files, submission({ note, files }));
    },
    onDone: () => {
      for (const collection of ["historyEntries", "files"])
        void client.invalidateQueries({ queryKey: keys.lists(collection) });
      close();
    },
  });
  return (
    <form
      noValidate
      aria-label={t(entry ? "editing" : "write")}
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        event.currentTarget.requestSubmit();
      }}
    >
      <Stack gap="sm">
        <RichText
          short
          label={t("text")}
          value={values.text}
          error={form.errors.text}
          onChange={(text) => form.setFieldValue("text", text)}
        />
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          <CategorySelect
            value={values.category}
            error={form.errors.category}
            onChange={(category) => form.setFieldValue("category", category)}
          />
          <MomentInput
            label={t("time")}
            description={t("timeHint")}
            value={values.time}
            error={form.errors.time}
            onChange={(time) => form.setFieldValue("time", time)}
          />
        </SimpleGrid>
        {!entry && (
          <PeoplePicker
            groups
            crmOnly
            label={t("notify")}
            value={values.notify}
            error={form.errors.notify}
            onChange={(notify) => form.setFieldValue("notify", notify)}
          />
        )}
        {(mayAttach || attached.count > 0) && <Attached attached={attached} mayAttach={mayAttach} />}
        {error && <ErrorBox error={error} marked={marked} />}
        <Group>
          <Button type="submit" loading={pending}>
            {t(entry ? "kit:form.saveChanges" : "kit:form.save")}
          </Button>
          <Button variant="subtle" onClick={close}>
            {t("kit:cancel")}
          </Button>
          {attached.sending && (
            <Text size="sm" className="quiet" role="status">
              {t("sending", attached.sending)}
            </Text>
          )}
        </Group>
      </Stack>
      {/* A new entry is kept as a draft; what an entry is changed to would be forgotten. */}
      <LeaveGuard dirty={() => entry !== undefined && dirty && !pending} onLeave={forget} />
    </form>
  );
}

type CategoryProps = { value: string; error?: ReactNode; onChange: (category: string) => void };

/** What it is about; the first category unless another one is chosen. */
function CategorySelect({ value, error, onChange }: CategoryProps) {
  const { t } = useTranslation("history");
  const categories = useQuery(dictionary("historyCategories")).data?.records ?? [];
  const chosen = value || (categories[0]?.name ?? "");
  const iconOf = (name: string) => {
    const Icon = CATEGORY_ICONS[categories.find((category) => category.name === name)?.icon ?? "NOTE"];
    return <Icon size={16} aria-hidden />;
  };
  return (
    <Select
      label={t("category")}
      allowDeselect={false}
      error={error}
      data={categories.map(({ name, title }) => ({ value: name, label: title }))}
      value={chosen || null}
      onChange={(name) => onChange(name ?? "")}
      leftSection={iconOf(chosen)}
      renderOption={({ option }) => (
        <Group gap={8}>
          {iconOf(option.value)}
          {option.label}
        </Group>
      )}
    />
  );
}

/** The files of an entry: those it has, and those that go along when it is saved. */
function useAttached(subject: string, before: string[]) {
  const [names, setNames] = useState(before);
  const [chosen, setChosen] = useState<File[]>([]);
  const [sending, setSending] = useState<{ title: string; percent: number }>();
  // What was sent already is not sent again when saving is tried once more.
  const sent = useRef(new Map<File, string>());
  const send = async () => {
    try {
      for (const file of chosen) {
        if (sent.current.has(file)) continue;
        const { name } = await upload(subject, file, (percent) => setSending({ title: file.name, percent }));
        sent.current.set(file, name);
      }
    } finally {
      setSending(undefined);
    }
    return [...names, ...chosen.map((file) => sent.current.get(file) ?? "")];
  };
  return {
    names,
    chosen,
    sending,
    send,
    count: names.length + chosen.length,
    add: (files: File[]) => setChosen([...chosen, ...files]),
    drop: (file: File) => setChosen(chosen.filter((other) => other !== file)),
    detach: (name: string) => setNames(names.filter((other) => other !== name)),
  };
}

function Attached({ attached, mayAttach }: { attached: ReturnType<typeof useAttached>; mayAttach: boolean }) {
  const { t } = useTranslation("history");
  const list = attached.count > 0 && (
    <ul className={classes.chips} aria-label={t("files")}>
      {attached.names.map((name) => (
        <li key={name}>
          <AttachedName name={name} onRemove={() => attached.detach(name)} />
        </li>
      ))}
      {attached.chosen.map((file, index) => (
        <li key={index}>
          <Chip title={file.name} onRemove={() => attached.drop(file)} />
        </li>
      ))}
    </ul>
  );
  return (
    <div>
      {mayAttach && <DropZone label={t("attach")} onFiles={attached.add} />}
      {list}
    </div>
  );
}

function AttachedName({ name, onRemove }: { name: string; onRemove: () => void }) {
  const { data } = useQuery({ ...fileNamed(name), retry: false });
  return <Chip title={data?.title ?? name} onRemove={onRemove} />;
}

function Chip({ title, onRemove }: { title: string; onRemove: () => void }) {
  const { t } = useTranslation("kit");
  return (
    <Pill
      withRemoveButton
      onRemove={onRemove}
      removeButtonProps={{ "aria-label": t("people.remove", { name: title }), "aria-hidden": false, tabIndex: 0 }}
    >
      {title}
    </Pill>
  );
}
