import { Alert, Button, Group, Progress, Stack, Text } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Mailing } from "../../api/types";
import { ActDialog } from "../../kit/ActDialog";
import { formatTime } from "../../kit/days";
import { Fact, Facts } from "../../kit/Facts";
import { Section } from "../../kit/RecordPage";
import { cancel, isRunning } from "./calls";
import { DeleteMailing } from "./DeleteMailing";
import { RecipientList } from "./RecipientList";

/** How far a mailing is, and what became of it. */
export function Result({ mailing }: { mailing: Mailing }) {
  const { t } = useTranslation("mailings");
  const navigate = useNavigate();
  const [asked, setAsked] = useState<"cancel" | "delete">();
  const close = () => setAsked(undefined);
  const running = isRunning(mailing);
  const { sentCount, failedCount, skippedCount, uncertainCount, recipientCount } = mailing;
  return (
    <>
      <Section title={t(`state.${mailing.state}`)}>
        <Stack>
          {mailing.error && (
            <Alert color="red" role="alert">
              {mailing.error}
            </Alert>
          )}
          {running && <Progress value={mailing.progressPercent} animated aria-label={t("progress")} />}
          <Text size="sm" role="status">
            {t("sentOf", { sent: sentCount, total: recipientCount })} {running && <Remaining mailing={mailing} />}
          </Text>
          <Facts>
            <Fact label={t("count.skipped")}>{skippedCount}</Fact>
            <Fact label={t("count.failed")}>{failedCount}</Fact>
            {uncertainCount > 0 && <Fact label={t("count.uncertain")}>{uncertainCount}</Fact>}
            <Fact label={t("count.started")}>{mailing.startTime && formatTime(mailing.startTime)}</Fact>
            <Fact label={t("count.ended")}>{mailing.endTime && formatTime(mailing.endTime)}</Fact>
          </Facts>
          <Group>
            {running ? (
              <Button variant="default" onClick={() => setAsked("cancel")}>
                {t("cancel.action")}
              </Button>
            ) : (
              <Button variant="subtle" onClick={() => setAsked("delete")}>
                {t("delete.action")}
              </Button>
            )}
          </Group>
          {running && (
            <Text size="sm" className="quiet">
              {t("mayLeave")}
            </Text>
          )}
        </Stack>
      </Section>
      <RecipientList mailing={mailing} />
      {asked === "cancel" && (
        <ActDialog
          title={t("cancel.title")}
          text={t("cancel.text")}
          action={t("cancel.action")}
          danger
          run={() => cancel(mailing)}
          onDone={close}
          onClose={close}
        />
      )}
      {asked === "delete" && (
        <DeleteMailing mailing={mailing} onDone={() => void navigate({ to: "/mailings" })} onClose={close} />
      )}
    </>
  );
}

function Remaining({ mailing }: { mailing: Mailing }) {
  const { t } = useTranslation("mailings");
  const seconds = Math.round(Number.parseFloat(mailing.remaining ?? ""));
  if (!(seconds > 0)) return null;
  return seconds < 90 ? t("left.seconds", { seconds }) : t("left.minutes", { minutes: Math.ceil(seconds / 60) });
}
