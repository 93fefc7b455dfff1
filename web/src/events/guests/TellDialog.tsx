import { Button, Group, Loader, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { submissionKeys } from "../../api/client";
import { keys } from "../../api/queries";
import type { Event } from "../../api/types";
import { ErrorBox } from "../../kit/ErrorBox";
import { tell } from "../../kit/toasts";
import { tellGuests, tryTelling } from "./calls";
import { useRefresh } from "./changes";
import { LeftOut } from "./LeftOut";

/** Mails guests who do not know that the event was moved, or called off. Says beforehand how many, and who is left out. */
export default function TellDialog({ event, onClose }: { event: Event; onClose: () => void }) {
  const { t } = useTranslation(["events", "kit"]);
  const news = event.state === "CANCELLED" ? "callOff" : "tell";
  const refresh = useRefresh(event.name);
  const [submission] = useState(submissionKeys);
  const [message, setMessage] = useState("");
  const preview = useQuery({
    queryKey: [...keys.one(event.name), "tell", event.etag],
    queryFn: () => tryTelling(event),
    retry: false,
    gcTime: 0,
  });
  const send = useMutation({
    mutationFn: () => tellGuests(event, message, submission({ message })),
    onSuccess: ({ toldCount }) => {
      void refresh();
      tell(t("tell.sent", { count: toldCount }));
      onClose();
    },
  });
  const { data } = preview;
  const nobody = data && data.toldCount === 0 && data.refusals.length === 0;
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(`${news}.title`)}
      size="lg"
      closeOnClickOutside={!message && !send.isPending}
    >
      <Stack>
        <Text size="sm">{t(`${news}.text`, { title: event.title })}</Text>
        <Textarea
          label={t("invite.message")}
          description={t(`${news}.messageHint`)}
          autosize
          minRows={3}
          maxRows={12}
          maxLength={5000}
          data-autofocus
          value={message}
          onChange={({ currentTarget }) => setMessage(currentTarget.value)}
        />
        <div aria-live="polite">
          {preview.error && <ErrorBox error={preview.error} onRetry={() => void preview.refetch()} />}
          {preview.isFetching && !data && <Loader size="sm" />}
          {nobody && <Text size="sm">{t("tell.nobody")}</Text>}
          {data && !nobody && (
            <Text size="sm" fw={600}>
              {t("invite.willBe", { count: data.toldCount })}
            </Text>
          )}
          {data && <LeftOut refusals={data.refusals} />}
        </div>
        {send.error && <ErrorBox error={send.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t(nobody ? "kit:close" : "kit:cancel")}
          </Button>
          {!nobody && (
            <Button loading={send.isPending} disabled={!data} onClick={() => send.mutate()}>
              {t(data?.toldCount === 0 ? "tell.known" : "tell.send", { count: data?.toldCount ?? 0 })}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}
