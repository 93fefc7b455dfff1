import { Button, Group, NativeSelect, NumberInput, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useForm, type UseFormReturnType } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { ApiError } from "../../api/errors";
import { keys, listOf, mailSettings, me, portal } from "../../api/queries";
import type { Mailing } from "../../api/types";
import { LANGUAGES } from "../../app/i18n";
import { isEmail } from "../../kit/email";
import { ErrorBox } from "../../kit/ErrorBox";
import { formErrors } from "../../kit/errors";
import { useSaveKeys } from "../../kit/keys";
import { LeaveGuard } from "../../kit/LeaveGuard";
import { Section } from "../../kit/RecordPage";
import { tell } from "../../kit/toasts";
import { Attachments } from "./Attachments";
import { forgetUnwritten, saveLetter, type Letter } from "./calls";
import { DeleteMailing } from "./DeleteMailing";
import { MergeTagMenu } from "./MergeTagMenu";
import { Preview } from "./Preview";
import { StartDialog } from "./StartDialog";

const BodyEditor = lazy(() => import("./BodyEditor"));

const FIELDS = ["subject", "body", "senderName", "replyTo", "perMinute", "language"] as const;
/** Without these nothing is sent; a draft may be without them. */
const MANDATORY = ["subject", "body"] as const;
const MOST_A_MINUTE = 600;

type Next = "preview" | "start" | undefined;

const letterOf = (mailing: Mailing): Letter => {
  const { subject, body, senderName, replyTo, perMinute, language } = mailing;
  return { subject, body, senderName, replyTo, perMinute, language };
};

/** Where a letter to many is written, looked at, tried and started. What is looked at is what was saved. */
export function Composer({ mailing }: { mailing: Mailing }) {
  const { t } = useTranslation(["mailings", "kit", "errors"]);
  const client = useQueryClient();
  const navigate = useNavigate();
  const [saved, setSaved] = useState(() => JSON.stringify(letterOf(mailing)));
  const [asked, setAsked] = useState<Next | "delete">();
  const form = useForm<Letter>({
    initialValues: letterOf(mailing),
    validate: { replyTo: (value) => (!value || isEmail(value) ? null : t("errors:email")) },
  });
  const know = (changed: Mailing) => {
    client.setQueryData(keys.one(changed.name), changed);
    void client.invalidateQueries({ queryKey: keys.lists("mailings") });
  };
  const saving = useMutation({
    mutationFn: ({ letter }: { letter: Letter; next: Next }) => saveLetter(mailing, letter),
    onSuccess: (changed, { letter, next }) => {
      know(changed);
      setSaved(JSON.stringify(letter));
      if (next) setAsked(next);
      else tell(t("saved"));
    },
    onError: (error) => {
      setAsked(undefined);
      if (error instanceof ApiError) form.setErrors(formErrors(error));
    },
  });
  const dirty = () => JSON.stringify(form.getValues()) !== saved;
  const save = (next: Next) =>
    form.onSubmit((letter) => {
      const missing = next === "start" ? MANDATORY.filter((field) => letter[field].trim() === "") : [];
      if (missing.length > 0) {
        form.setErrors(Object.fromEntries(missing.map((field) => [field, t("errors:required")])));
        const first = missing[0] === "subject" ? "input[aria-invalid=true]" : "[contenteditable=true]";
        requestAnimationFrame(() => document.querySelector<HTMLElement>(first)?.focus());
      } else if (dirty()) saving.mutate({ letter, next });
      else if (next) setAsked(next);
    })();
  useSaveKeys(() => save(undefined));
  useForgetUnwritten(mailing);
  return (
    <>
      <Recipients mailing={mailing} />
      <Section title={t("letter")}>
        <Stack>
          <Subject form={form} />
          <Suspense fallback={<Text size="sm">{t("loading")}</Text>}>
            <BodyEditor
              label={t("field.body")}
              value={form.getValues().body}
              error={form.errors.body}
              onChange={(body) => form.setFieldValue("body", body)}
            />
          </Suspense>
          <Attachments mailing={mailing} onChanged={know} />
        </Stack>
      </Section>
      <Delivery form={form} />
      {saving.error && <ErrorBox error={saving.error} marked={FIELDS} />}
      {asked === "preview" && <Preview mailing={mailing} stale={dirty()} />}
      <Group mt="md">
        <Button loading={saving.isPending} onClick={() => save("start")}>
          {t("start.open")}
        </Button>
        <Button variant="default" onClick={() => save("preview")}>
          {t("preview.open")}
        </Button>
        <Button variant="default" onClick={() => save(undefined)}>
          {t("save")}
        </Button>
        <Button variant="subtle" onClick={() => setAsked("delete")}>
          {t("delete.action")}
        </Button>
      </Group>
      {asked === "start" && <StartDialog mailing={mailing} onStarted={know} onClose={() => setAsked(undefined)} />}
      {asked === "delete" && (
        <DeleteMailing
          mailing={mailing}
          onDone={() => void navigate({ to: "/mailings", ignoreBlocker: true })}
          onClose={() => setAsked(undefined)}
        />
      )}
      <LeaveGuard dirty={dirty} onLeave={() => {}} />
    </>
  );
}

/** Whoever begins a letter and leaves before anything is written leaves no draft behind. */
function useForgetUnwritten(mailing: Mailing) {
  const client = useQueryClient();
  const latest = useRef(mailing);
  useEffect(() => {
    latest.current = mailing;
  }, [mailing]);
  useEffect(
    () => () => {
      const { creator, state, subject, body, attachments } = latest.current;
      const mine = creator === client.getQueryData(me.queryKey)?.name;
      if (!mine || state !== "DRAFT" || subject || body || attachments.length > 0) return;
      // Whoever wrote something in it elsewhere keeps it.
      void forgetUnwritten(latest.current)
        .catch(() => undefined)
        .finally(() => void client.invalidateQueries({ queryKey: keys.lists("mailings") }));
    },
    [client],
  );
}

/** Whom the letter is for. */
function Recipients({ mailing }: { mailing: Mailing }) {
  const { t } = useTranslation("mailings");
  const { contacts, selection } = mailing;
  const { filter, q } = selection ?? {};
  const matching = useQuery({ ...listOf("contacts", { filter, q, pageSize: 1 }), enabled: selection !== undefined });
  const count = selection ? matching.data?.totalSize : contacts.length;
  return (
    <Text size="sm" mb="md" role="status">
      {count !== undefined && t("recipients", { count })}{" "}
      {selection && <span className="quiet">{t("allMatching")}</span>}
    </Text>
  );
}

function Subject({ form }: { form: UseFormReturnType<Letter> }) {
  const { t } = useTranslation("mailings");
  const input = useRef<HTMLInputElement>(null);
  const insert = (tag: string) => {
    const { subject } = form.getValues();
    const at = input.current?.selectionStart ?? subject.length;
    form.setFieldValue("subject", subject.slice(0, at) + tag + subject.slice(at));
  };
  return (
    <Group align="flex-end" wrap="nowrap" gap="xs">
      <TextInput
        ref={input}
        label={t("field.subject")}
        required
        maxLength={200}
        style={{ flex: 1 }}
        data-autofocus
        {...form.getInputProps("subject")}
      />
      <MergeTagMenu label={t("tags.intoSubject")} onInsert={insert} />
    </Group>
  );
}

/** Who it comes from, in which language the lines below it are, and how fast it goes. */
function Delivery({ form }: { form: UseFormReturnType<Letter> }) {
  const { t } = useTranslation("mailings");
  const { data: settings } = useQuery({ ...mailSettings, retry: false });
  const { data: ours } = useQuery(portal);
  return (
    <Section title={t("delivery")}>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput
          label={t("field.senderName")}
          placeholder={settings?.fromName || ours?.title}
          maxLength={100}
          {...form.getInputProps("senderName")}
        />
        <TextInput
          label={t("field.replyTo")}
          type="email"
          placeholder={settings?.fromAddress}
          {...form.getInputProps("replyTo")}
        />
        <NumberInput
          label={t("field.perMinute")}
          description={t("perMinuteHint")}
          min={1}
          max={MOST_A_MINUTE}
          allowDecimal={false}
          clampBehavior="strict"
          value={form.getValues().perMinute}
          error={form.errors.perMinute}
          onChange={(value) => form.setFieldValue("perMinute", Number(value) || 0)}
        />
        <NativeSelect
          label={t("field.language")}
          description={t("languageHint")}
          data={LANGUAGES}
          {...form.getInputProps("language")}
        />
      </SimpleGrid>
    </Section>
  );
}
