import { Button, Group, Modal, Skeleton, Stack, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { keys } from "../../api/queries";
import type { Mailing } from "../../api/types";
import { ErrorBox } from "../../kit/ErrorBox";
import { start } from "./calls";

type Props = { mailing: Mailing; onStarted: (mailing: Mailing) => void; onClose: () => void };

/** Says how many will get the letter, and how many not, before it goes. */
export function StartDialog({ mailing, onStarted, onClose }: Props) {
  const { t } = useTranslation(["mailings", "kit"]);
  const counted = useQuery({
    queryKey: [...keys.one(mailing.name), "count", mailing.etag],
    queryFn: () => start(mailing, true),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const starting = useMutation({ mutationFn: () => start(mailing, false), onSuccess: onStarted });
  const { recipientCount = 0, skippedCount = 0 } = counted.data ?? {};
  const letters = recipientCount - skippedCount;
  const minutes = Math.ceil(letters / Math.max(1, mailing.perMinute));
  const error = counted.error ?? starting.error;
  return (
    <Modal opened onClose={onClose} title={t("start.title", { subject: mailing.subject })} closeOnClickOutside={false}>
      <Stack>
        {counted.isPending && <Skeleton height={40} />}
        {counted.data && (
          <Text size="sm" role="status">
            {t("start.letters", { count: letters })} {skippedCount > 0 && t("start.skipped", { count: skippedCount })}{" "}
            {t("start.time", { count: minutes })} {t("start.text")}
          </Text>
        )}
        {error && <ErrorBox error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t("kit:cancel")}
          </Button>
          <Button
            disabled={!counted.data || letters === 0}
            loading={starting.isPending}
            onClick={() => starting.mutate()}
          >
            {t("start.action", { count: letters })}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
