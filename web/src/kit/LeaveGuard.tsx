import { Button, Group, Modal, Text } from "@mantine/core";
import { useBlocker } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

/**
 * Asks before a page with unsaved work is left. Reloading does not ask: the draft survives that. Neither does the end
 * of the session: one comes back from signing in, and the draft is still there.
 */
export function LeaveGuard({ dirty, onLeave }: { dirty: () => boolean; onLeave: () => void }) {
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ next }) => next.pathname !== "/sign-in" && dirty(),
    enableBeforeUnload: false,
    withResolver: true,
  });
  if (status !== "blocked") return null;
  const leave = () => {
    onLeave();
    proceed();
  };
  return <LeaveQuestion onStay={reset} onLeave={leave} />;
}

/** Asks whether what was typed may be lost. */
export function LeaveQuestion({ onStay, onLeave }: { onStay: () => void; onLeave: () => void }) {
  const { t } = useTranslation("kit");
  return (
    <Modal opened onClose={onStay} title={t("leave.title")}>
      <Text size="sm">{t("leave.text")}</Text>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onStay} data-autofocus>
          {t("leave.stay")}
        </Button>
        <Button color="red" onClick={onLeave}>
          {t("leave.leave")}
        </Button>
      </Group>
    </Modal>
  );
}
