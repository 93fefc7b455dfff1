import { Alert, Button, Group, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { ApiError } from "../api/errors";
import { isLostPage, useSummary } from "./errors";

type Props = {
  error: unknown;
  onRetry?: () => void;
  /** The fields whose complaints stand beside them. */
  marked?: readonly string[];
};

/** Says what failed, what to do about it, and which request it was. */
export function ErrorBox({ error, onRetry, marked = [] }: Props) {
  const { t } = useTranslation("errors");
  const summary = useSummary();
  const id = error instanceof ApiError ? error.requestId : "";
  return (
    <Alert color="red" icon={<IconAlertTriangle />} title={t("title")} role="alert">
      <Text size="sm">{summary(error, marked)}</Text>
      <Group justify="space-between" mt="xs">
        {onRetry && (
          <Button size="xs" variant="default" onClick={onRetry}>
            {isLostPage(error) ? t("firstPage") : t("retry")}
          </Button>
        )}
        {id && (
          <Text size="xs" className="quiet anywhere">
            {t("requestId", { id })}
          </Text>
        )}
      </Group>
    </Alert>
  );
}
