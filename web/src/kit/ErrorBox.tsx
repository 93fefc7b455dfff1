import { Alert, Button, Group, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { ApiError } from "../api/errors";
import { useErrorText } from "./errors";

/** Says what failed, what to do about it, and which request it was. */
export function ErrorBox({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation("errors");
  const errorText = useErrorText();
  const id = error instanceof ApiError ? error.requestId : "";
  return (
    <Alert color="red" icon={<IconAlertTriangle />} title={t("title")} role="alert">
      <Text size="sm">{errorText(error)}</Text>
      {error instanceof ApiError && Object.keys(error.fields).length > 0 && (
        <Text size="sm">{Object.values(error.fields).join("; ")}</Text>
      )}
      <Group justify="space-between" mt="xs">
        {onRetry && (
          <Button size="xs" variant="default" onClick={onRetry}>
            {t("retry")}
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
