import { Button, Group, List, Modal, Progress, Stack, Text, ThemeIcon } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { ApiError } from "../api/errors";
import { Obstacles } from "./DeleteDialog";
import { errorText } from "./errors";

type Outcome = { name: string; error?: unknown };

type Props<T> = {
  records: T[];
  titleOf: (record: T) => string;
  run: (record: T) => Promise<unknown>;
  onClose: () => void;
};

/** Deletes records one after the other and says of each what became of it. Closing stops before the next one. */
export function BulkDeleteDialog<T extends { name: string }>({ records, titleOf, run, onClose }: Props<T>) {
  const { t } = useTranslation("kit");
  const [outcomes, setOutcomes] = useState<Outcome[]>([]);
  const [running, setRunning] = useState(false);
  const stopped = useRef(false);
  const finished = outcomes.length === records.length;

  const start = async () => {
    setRunning(true);
    for (const record of records) {
      if (stopped.current) break;
      const outcome = await run(record).then(
        (): Outcome => ({ name: record.name }),
        (error: unknown): Outcome => ({ name: record.name, error }),
      );
      setOutcomes((before) => [...before, outcome]);
    }
    setRunning(false);
  };
  const close = () => {
    stopped.current = true;
    onClose();
  };

  const deleted = outcomes.filter((outcome) => !outcome.error).length;
  return (
    <Modal opened onClose={close} title={t("delete.several", { count: records.length })} size="lg">
      <Stack>
        {outcomes.length === 0 && <Text size="sm">{t("delete.severalText")}</Text>}
        {outcomes.length > 0 && (
          <>
            <Progress value={(outcomes.length / records.length) * 100} aria-label={t("delete.progress")} />
            <Text size="sm" role="status">
              {t("delete.result", { deleted, kept: outcomes.length - deleted })}
            </Text>
          </>
        )}
        <List spacing="xs" size="sm" listStyleType="none" mah={320} style={{ overflowY: "auto" }}>
          {records.map((record) => (
            <Row
              key={record.name}
              title={titleOf(record)}
              outcome={outcomes.find((outcome) => outcome.name === record.name)}
            />
          ))}
        </List>
        <Group justify="flex-end">
          <Button variant="default" onClick={close} data-autofocus>
            {finished ? t("close") : t("cancel")}
          </Button>
          {!finished && (
            <Button color="red" loading={running} onClick={() => void start()}>
              {t("delete.action")}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}

function Row({ title, outcome }: { title: string; outcome: Outcome | undefined }) {
  const { t } = useTranslation("kit");
  if (!outcome) return <List.Item>{title}</List.Item>;
  const { error } = outcome;
  return (
    <List.Item
      icon={
        <ThemeIcon size={18} radius="xl" color={error ? "red" : "green"}>
          {error ? <IconX size={12} /> : <IconCheck size={12} />}
        </ThemeIcon>
      }
    >
      {title}: {error ? errorText(error) : t("delete.deleted")}
      {error instanceof ApiError && <Obstacles error={error} />}
    </List.Item>
  );
}
