import { Button, Checkbox, Group, Modal, Progress, Stack, Table, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { answer, api, idOf } from "../api/client";
import { keys, listOf } from "../api/queries";
import type { Export } from "../api/types";
import { formatTime } from "../kit/days";
import { ErrorBox } from "../kit/ErrorBox";
import { Section } from "../kit/RecordPage";
import { Loaded } from "../kit/SettingsPage";
import { tellError } from "../kit/toasts";

const LOOK_AGAIN_MS = 1_000;

type Wanted = Partial<Pick<Export, "filter" | "q" | "orderBy" | "withFiles">> & { kind: Export["kind"] };

const isRunning = ({ state }: Export) => state === "QUEUED" || state === "RUNNING";
const at = ({ name }: Export) => ({ path: { export: idOf(name) } });

function useMakeExport() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wanted: Wanted) => answer<Export>(api.POST("/v1/exports", { body: wanted })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.lists("exports") }),
  });
}

function useExports() {
  return useQuery({
    ...listOf("exports", { pageSize: 20 }),
    refetchInterval: ({ state: { data } }) => (data?.records.some(isRunning) ? LOOK_AGAIN_MS : false),
  });
}

/** How far an export is, and the file once it is made. */
function Outcome({ made }: { made: Export }) {
  const { t, i18n } = useTranslation("imports");
  const client = useQueryClient();
  const stop = () =>
    void answer(api.POST("/v1/exports/{export}:cancel", { params: at(made), body: {} }))
      .catch(tellError)
      .finally(() => void client.invalidateQueries({ queryKey: keys.lists("exports") }));
  if (isRunning(made))
    return (
      <Group wrap="nowrap">
        <Progress style={{ flex: 1 }} value={made.progressPercent} animated aria-label={t("export.running")} />
        <Button size="xs" variant="default" onClick={stop}>
          {t("stop")}
        </Button>
      </Group>
    );
  if (made.state !== "SUCCEEDED") return <Text size="sm">{made.error || t(`state.${made.state}`)}</Text>;
  const size = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 }).format(Number(made.size) / 1e6);
  return (
    <Group justify="space-between">
      <Text size="sm" className="quiet" role="status">
        {t("export.ready", { size, time: formatTime(made.expireTime ?? "") })}
      </Text>
      <Button size="xs" component="a" href={`/v1/${made.name}:download`} download>
        {t("export.download")}
      </Button>
    </Group>
  );
}

type DialogProps = {
  /** What it is of, where that is not the list. */
  title?: string;
  text?: string;
  wanted: Omit<Wanted, "kind">;
  onClose: () => void;
};

/** Makes a file of exactly the contacts that a list shows, or that were chosen. */
export default function ExportDialog({ title, text, wanted, onClose }: DialogProps) {
  const { t } = useTranslation(["imports", "kit"]);
  const making = useMakeExport();
  const exports = useExports();
  const made = exports.data?.records.find(({ name }) => name === making.data?.name) ?? making.data;
  return (
    <Modal opened onClose={onClose} title={title ?? t("export.list")}>
      <Stack>
        {!made && <Text size="sm">{text ?? t("export.listText")}</Text>}
        {making.error && <ErrorBox error={making.error} />}
        {made && <Outcome made={made} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {made ? t("kit:close") : t("kit:cancel")}
          </Button>
          {!made && (
            <Button
              data-autofocus
              loading={making.isPending}
              onClick={() => making.mutate({ kind: "CONTACTS", ...wanted })}
            >
              {t("export.make")}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}

/** Everything that is kept, of all services, in one file. */
export function ExportOfEverything() {
  const { t } = useTranslation("imports");
  const making = useMakeExport();
  const [withFiles, setWithFiles] = useState(false);
  return (
    <Section title={t("export.everything")}>
      <Stack>
        <Text size="sm" className="quiet">
          {t("export.everythingText")}
        </Text>
        <Checkbox
          label={t("export.withFiles")}
          checked={withFiles}
          onChange={(event) => setWithFiles(event.currentTarget.checked)}
        />
        {making.error && <ErrorBox error={making.error} />}
        <Group>
          <Button loading={making.isPending} onClick={() => making.mutate({ kind: "EVERYTHING", withFiles })}>
            {t("export.everythingAction")}
          </Button>
        </Group>
        <Loaded query={useExports()}>
          {({ records }) =>
            records.length > 0 && (
              <Table aria-label={t("export.made")}>
                <Table.Tbody>
                  {records.map((made) => (
                    <Table.Tr key={made.name}>
                      <Table.Td>
                        <Text size="sm">{t(`export.kind.${made.kind}`)}</Text>
                        <Text size="xs" className="quiet numeric">
                          {formatTime(made.createTime)}
                        </Text>
                      </Table.Td>
                      <Table.Td w="60%">
                        <Outcome made={made} />
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            )
          }
        </Loaded>
      </Stack>
    </Section>
  );
}
