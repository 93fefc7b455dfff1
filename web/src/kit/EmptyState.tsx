import { Button, Stack, Text, Title } from "@mantine/core";
import { IconFilterOff, IconInbox, IconLock, IconPlugConnectedX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { ApiError } from "../api/errors";
import classes from "./EmptyState.module.css";
import { ErrorBox } from "./ErrorBox";
import { isNoName } from "./errors";
import { PageTitle } from "./PageTitle";

function Empty({ icon, title, text, action }: { icon: ReactNode; title: string; text?: string; action?: ReactNode }) {
  return (
    <Stack align="center" gap="xs" className={classes.empty}>
      <span className={classes.icon} aria-hidden>
        {icon}
      </span>
      <Title order={2}>{title}</Title>
      {text && (
        <Text size="sm" ta="center" maw={420} className="quiet">
          {text}
        </Text>
      )}
      {action}
    </Stack>
  );
}

/** There is nothing yet: says what would be here, and how to begin. */
export function NothingYet({ title, text, action }: { title: string; text?: string; action?: ReactNode }) {
  return <Empty icon={<IconInbox size={34} stroke={1.4} />} title={title} text={text} action={action} />;
}

/** There is something, but the filter hides all of it. */
export function FilteredAway({ onClear }: { onClear: () => void }) {
  const { t } = useTranslation("kit");
  const clear = (
    <Button variant="default" onClick={onClear}>
      {t("filter.clear")}
    </Button>
  );
  return <Empty icon={<IconFilterOff size={34} stroke={1.4} />} title={t("empty.filtered")} action={clear} />;
}

/** Why a panel has nothing to show: no access, its service is down, or something broke. */
export function Unavailable({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useTranslation(["kit", "errors"]);
  if (isNoName(error)) return <Empty icon={<IconInbox size={34} stroke={1.4} />} title={t("empty.missing")} />;
  if (!(error instanceof ApiError) || !(error.unavailable || error.code === 403 || error.code === 404))
    return <ErrorBox error={error} onRetry={onRetry} />;
  if (!error.unavailable)
    return (
      <Empty icon={<IconLock size={34} stroke={1.4} />} title={t("empty.noAccess")} text={t("empty.noAccessText")} />
    );
  const retry = (
    <Button variant="default" onClick={onRetry}>
      {t("errors:retry")}
    </Button>
  );
  return (
    <Empty
      icon={<IconPlugConnectedX size={34} stroke={1.4} />}
      title={t("empty.down")}
      text={t("empty.downText")}
      action={retry}
    />
  );
}

/** `Unavailable` in place of a whole page, which is then called so. */
export function PageUnavailable(props: { error: unknown; onRetry: () => void }) {
  const { t } = useTranslation(["kit", "errors"]);
  const { error } = props;
  const hidden = error instanceof ApiError && (error.code === 403 || error.code === 404);
  const title = isNoName(error) ? t("empty.missing") : hidden ? t("empty.noAccess") : t("errors:title");
  return (
    <>
      <PageTitle title={title} />
      <Unavailable {...props} />
    </>
  );
}
