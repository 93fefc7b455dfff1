import { ActionIcon, FileButton, Button, Group, Progress, Stack, Text } from "@mantine/core";
import { IconPaperclip, IconX } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ApiError } from "../../api/errors";
import type { Mailing, MailingAttachment } from "../../api/types";
import { ErrorBox } from "../../kit/ErrorBox";
import { tellError } from "../../kit/toasts";
import { attach, detach } from "./calls";

type Props = { mailing: Mailing; onChanged: (mailing: Mailing) => void };

/** The files that go along with a letter. */
export function Attachments({ mailing, onChanged }: Props) {
  const { t } = useTranslation("mailings");
  const [sending, setSending] = useState<{ fileName: string; percent: number }>();
  const adding = useMutation({
    mutationFn: async (files: File[]) => {
      for (const file of files)
        onChanged(await attach(mailing, file, (percent) => setSending({ fileName: file.name, percent })));
    },
    onSettled: () => setSending(undefined),
  });
  const tooLarge = adding.error instanceof ApiError && adding.error.reason === "FILE_TOO_LARGE";
  return (
    <Stack gap="xs">
      <Group>
        <FileButton multiple onChange={(files) => files.length > 0 && adding.mutate(files)}>
          {(button) => (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconPaperclip size={14} />}
              loading={adding.isPending}
              {...button}
            >
              {t("attachments.add")}
            </Button>
          )}
        </FileButton>
        <Text size="xs" className="quiet">
          {t("attachments.hint")}
        </Text>
      </Group>
      {sending && (
        <div>
          <Text size="xs">{sending.fileName}</Text>
          <Progress value={sending.percent} aria-label={t("attachments.sending", { name: sending.fileName })} />
        </div>
      )}
      {tooLarge && (
        <Text size="sm" className="danger" role="alert">
          {t("attachments.tooLarge")}
        </Text>
      )}
      {adding.error && !tooLarge && <ErrorBox error={adding.error} />}
      {mailing.attachments.length > 0 && (
        <Stack gap={4} component="ul" m={0} p={0} aria-label={t("attachments.title")} style={{ listStyle: "none" }}>
          {mailing.attachments.map((attachment) => (
            <Row key={attachment.id} {...{ mailing, attachment, onChanged }} />
          ))}
        </Stack>
      )}
    </Stack>
  );
}

function Row({ mailing, attachment, onChanged }: Props & { attachment: MailingAttachment }) {
  const { t, i18n } = useTranslation("mailings");
  const { fileName, size } = attachment;
  const kilobytes = new Intl.NumberFormat(i18n.language).format(Math.max(1, Math.round(size / 1000)));
  return (
    <Group component="li" gap="xs" wrap="nowrap">
      <Text size="sm" className="anywhere">
        {fileName} <span className="quiet">{t("attachments.size", { size: kilobytes })}</span>
      </Text>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t("attachments.remove", { name: fileName })}
        onClick={() => void detach(mailing, attachment).then(onChanged, tellError)}
      >
        <IconX size={16} />
      </ActionIcon>
    </Group>
  );
}
