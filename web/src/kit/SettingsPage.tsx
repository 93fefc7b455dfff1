import { Box, Button, Skeleton, Stack, Text, Title } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useCallForm, type CallForm } from "./callForm";
import { Unavailable } from "./EmptyState";
import { ErrorBox } from "./ErrorBox";
import { PageTitle } from "./PageTitle";
import classes from "./RecordPage.module.css";

type Props = { title: string; lead?: ReactNode; action?: ReactNode; children: ReactNode };

/** A page where something is set: what it is called, what it is for, and its sections. */
export function SettingsPage({ title, lead, action, children }: Props) {
  return (
    <div className={classes.settings}>
      <PageTitle title={title} />
      <Box className={classes.head} mb={lead ? 4 : "md"}>
        <Title order={1} className="anywhere">
          {title}
        </Title>
        {action}
      </Box>
      {lead && (
        <Text size="sm" mb="md" className="quiet">
          {lead}
        </Text>
      )}
      {children}
    </div>
  );
}

/** What was asked for; until it is there, its place, and if it does not come, why. */
export function Loaded<T>({ query, children }: { query: UseQueryResult<T>; children: (data: T) => ReactNode }) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error) return <Unavailable error={query.error} onRetry={() => void query.refetch()} />;
  return <Skeleton height={260} />;
}

/** The fields of a section and the button that saves them. */
export function SettingsForm<V extends object, R>(props: CallForm<V, R> & { save?: string; children: ReactNode }) {
  const { t } = useTranslation("kit");
  const { submit, pending, error, marked } = useCallForm(props);
  return (
    <form noValidate onSubmit={submit}>
      <Stack maw={520}>
        {props.children}
        {error && <ErrorBox error={error} marked={marked} />}
        <div>
          <Button type="submit" loading={pending}>
            {props.save ?? t("form.save")}
          </Button>
        </div>
      </Stack>
    </form>
  );
}
