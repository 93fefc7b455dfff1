import { Anchor, Button, Group, List, Modal, Progress, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Fragment, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { ContactBatch, BatchChange } from "../api/types";
import { ErrorBox } from "../kit/ErrorBox";
import { isOver, useBatch, type Chosen } from "./bulk";

type Props = {
  title: string;
  action: string;
  danger?: boolean;
  chosen: Chosen;
  /** What is done to each; none deletes them. */
  change?: BatchChange;
  notify?: boolean;
  /** Whether there is something to do yet. */
  ready?: boolean;
  onClose: () => void;
  children: ReactNode;
};

/** Asks what to do to many contacts, shows how far it is, and says what was refused and why. */
export function BulkDialog({ action, danger, change, notify, ready = true, onClose, children, ...props }: Props) {
  const { t } = useTranslation(["bulk", "kit"]);
  const client = useQueryClient();
  // Those that are gone leave the list behind the dialog; it goes on about the same ones.
  const [{ title, chosen }] = useState(props);
  const { start, starting, error, batch, cancel } = useBatch();
  const over = batch && isOver(batch.state);
  const close = () => {
    if (batch) void client.invalidateQueries({ queryKey: ["contacts"] });
    onClose();
  };
  return (
    <Modal opened onClose={close} title={title} size="lg" closeOnClickOutside={!batch}>
      <Stack>
        {!batch && children}
        {error && <ErrorBox error={error} />}
        {batch && <Outcome batch={batch} />}
        <Group justify="flex-end">
          {batch && !over && (
            <Button variant="default" onClick={cancel}>
              {t("stop")}
            </Button>
          )}
          <Button variant="default" onClick={close} data-autofocus={batch ? true : undefined}>
            {batch ? t("kit:close") : t("kit:cancel")}
          </Button>
          {!batch && (
            <Button
              color={danger ? "red" : undefined}
              disabled={!ready}
              loading={starting}
              onClick={() => start({ chosen, change, notify })}
            >
              {action}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}

function Outcome({ batch }: { batch: ContactBatch }) {
  const { t } = useTranslation(["bulk", "kit"]);
  const { action, state, progressPercent, matchedCount, changedCount, refusedCount, refusals } = batch;
  const said =
    action === "DELETE"
      ? t("deleted", { deleted: changedCount, total: matchedCount })
      : t("result", { changed: changedCount, refused: refusedCount });
  return (
    <>
      {!isOver(state) && <Progress value={progressPercent} aria-label={t("progress")} animated />}
      <Text size="sm" role="status">
        {isOver(state) ? said : t("running", { done: changedCount + refusedCount, total: matchedCount })}
        {state === "CANCELLED" && ` ${t("cancelled")}`}
        {state === "FAILED" && ` ${batch.error}`}
      </Text>
      {refusals.length > 0 && (
        <List size="sm" spacing="xs" mah={320} style={{ overflowY: "auto" }}>
          {refusals.map((refusal) => (
            <List.Item key={refusal.contact}>
              <Anchor component={Link} to={`/${refusal.contact}` as "/"} inherit>
                {refusal.title || t("hidden")}
              </Anchor>
              : {refusal.obstacles.length > 0 ? t("neededBy") : refusal.message}
              {refusal.obstacles.map(({ name = "", title }, index) => (
                <Fragment key={name}>
                  {index > 0 ? ", " : " "}
                  <Anchor component={Link} to={`/${name}` as "/"} inherit>
                    {title}
                  </Anchor>
                </Fragment>
              ))}
            </List.Item>
          ))}
        </List>
      )}
    </>
  );
}
