import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { PageUnavailable } from "../../kit/EmptyState";
import { SettingsPage } from "../../kit/SettingsPage";
import { mailingNamed } from "./calls";
import { Composer } from "./Composer";
import { Result } from "./Result";

/** One mailing: written, then sent, then what became of it. */
export function MailingPage() {
  const { t } = useTranslation("mailings");
  const { id } = useParams({ from: "/frame/mailings/$id" });
  const { data: mailing, error, refetch } = useQuery(mailingNamed(`mailings/${id}`));
  if (error) return <PageUnavailable error={error} onRetry={() => void refetch()} />;
  if (!mailing) return <Skeleton height={320} m="lg" maw={820} />;
  return (
    <SettingsPage title={mailing.state === "DRAFT" ? t("composing") : mailing.subject}>
      {mailing.state === "DRAFT" ? (
        <Composer key={mailing.name} mailing={mailing} />
      ) : (
        <Result key={mailing.name} mailing={mailing} />
      )}
    </SettingsPage>
  );
}
