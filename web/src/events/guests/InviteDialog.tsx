import { Button, Checkbox, Group, Loader, Modal, NativeSelect, Radio, Stack, Text, Textarea } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { submissionKeys } from "../../api/client";
import { keys } from "../../api/queries";
import type { Event } from "../../api/types";
import { LANGUAGES } from "../../app/i18n";
import { useCallForm } from "../../kit/callForm";
import { ErrorBox } from "../../kit/ErrorBox";
import { LeaveQuestion } from "../../kit/LeaveGuard";
import { tell } from "../../kit/toasts";
import { invite, tryInviting, type Invitation, type Invited } from "./calls";
import { useRefresh } from "./changes";
import { LeftOut } from "./LeftOut";

type Props = { event: Event; contacts: string[]; onDone: () => void; onClose: () => void };

type Values = Pick<Invitation, "message" | "language" | "again"> & { who: "ALL" | "CHOSEN" };

/** Invites by mail: all who were not invited yet, or some. Says beforehand how many, who is left out, and why. */
export default function InviteDialog({ event, contacts, onDone, onClose }: Props) {
  const { t } = useTranslation(["events", "kit"]);
  const refresh = useRefresh(event.name);
  const [submission] = useState(submissionKeys);
  const [leaving, setLeaving] = useState(false);
  const [result, setResult] = useState<Invited>();
  const form = useForm<Values>({
    initialValues: { who: contacts.length > 0 ? "CHOSEN" : "ALL", message: "", language: "", again: false },
  });
  const { who, message, language, again } = form.getValues();
  const asked = { contacts: who === "CHOSEN" ? contacts : [], language, again };
  const preview = useQuery({
    queryKey: [...keys.one(event.name), "invite", event.etag, asked],
    queryFn: () => tryInviting(event, asked),
    retry: false,
  });
  const { submit, pending, error, marked } = useCallForm<Values, Invited>({
    form,
    run: () => invite(event, { ...asked, message }, submission({ ...asked, message })),
    onDone: (invited) => {
      void refresh();
      onDone();
      if (invited.refusals.length > 0) return setResult(invited);
      tell(t("invite.sent", { count: invited.invitedCount }));
      onClose();
    },
  });
  const close = () => (message.trim() && !result ? setLeaving(true) : onClose());
  if (result)
    return (
      <Modal opened onClose={onClose} title={t("invite.title")}>
        <Stack>
          <Text size="sm" role="status">
            {t("invite.sent", { count: result.invitedCount })}
          </Text>
          <LeftOut refusals={result.refusals} />
          <Group justify="flex-end">
            <Button onClick={onClose} data-autofocus>
              {t("kit:close")}
            </Button>
          </Group>
        </Stack>
      </Modal>
    );
  return (
    <Modal
      opened
      onClose={close}
      title={t("invite.title")}
      size="lg"
      closeOnClickOutside={false}
      closeOnEscape={!leaving}
    >
      <form noValidate onSubmit={submit}>
        <Stack>
          {contacts.length > 0 && (
            <Radio.Group label={t("invite.who")} {...form.getInputProps("who")}>
              <Stack gap={6} mt={4}>
                <Radio value="CHOSEN" label={t("invite.chosen", { count: contacts.length })} />
                <Radio value="ALL" label={t("invite.all")} />
              </Stack>
            </Radio.Group>
          )}
          <Checkbox label={t("invite.again")} {...form.getInputProps("again", { type: "checkbox" })} />
          <NativeSelect
            label={t("invite.language")}
            data={[{ value: "", label: t("invite.byContact") }, ...LANGUAGES]}
            {...form.getInputProps("language")}
          />
          <Textarea
            label={t("invite.message")}
            description={t("invite.messageHint")}
            autosize
            minRows={4}
            maxRows={12}
            maxLength={5000}
            data-autofocus
            {...form.getInputProps("message")}
          />
          <div aria-live="polite">
            {preview.error && <ErrorBox error={preview.error} onRetry={() => void preview.refetch()} />}
            {preview.isFetching && !preview.data && <Loader size="sm" />}
            {preview.data && (
              <Preview invited={preview.data}>
                {who === "ALL" && preview.data.invitedCount === 0 && t("invite.nobodyLeft")}
              </Preview>
            )}
          </div>
          {error && <ErrorBox error={error} marked={marked} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("kit:cancel")}
            </Button>
            <Button type="submit" loading={pending} disabled={!preview.data || preview.data.invitedCount === 0}>
              {t("invite.send", { count: preview.data?.invitedCount ?? 0 })}
            </Button>
          </Group>
        </Stack>
      </form>
      {leaving && <LeaveQuestion onStay={() => setLeaving(false)} onLeave={onClose} />}
    </Modal>
  );
}

/** How many will be invited, and who will not. */
function Preview({ invited, children }: { invited: Invited; children: ReactNode }) {
  const { t } = useTranslation("events");
  return (
    <Stack gap={6}>
      <Text size="sm" fw={600}>
        {t("invite.willBe", { count: invited.invitedCount })}
      </Text>
      {children && (
        <Text size="sm" className="quiet">
          {children}
        </Text>
      )}
      <LeftOut refusals={invited.refusals} />
    </Stack>
  );
}
