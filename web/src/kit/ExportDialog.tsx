import { Button, Group, Modal, Progress, Stack, Table, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { answer, api, idOf } from "../api/client";
import { keys, listOf } from "../api/queries";
import type { EventExport, Export } from "../api/types";
import { formatTime } from "./days";
import { ErrorBox } from "./ErrorBox";
import { tellError } from "./toasts";

const LOOK_AGAIN_MS = 1_000;

/** The collections of exports: each service has its own. */
export type Exports = "exports" | "eventExports";
/** What is wanted in the file, as the service of the records takes it. */
export type Wanted = Partial<Pick<Export, "kind" | "filter" | "q" | "orderBy" | "withFiles">> & { timeZone?: string };
export type Made = Pick<
  EventExport,
  "name" | "state" | "progressPercent" | "error" | "size" | "expireTime" | "createTime" | "fileName"
>;

const isRunning = ({ state }: Made) => state === "QUEUED" || state === "RUNNING";

export function useMakeExport(exports: Exports) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wanted: Wanted) =>
      answer<Made>(api.POST(`/v1/${exports}` as "/v1/exports", { body: wanted as { kind: Export["kind"] } })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.lists(exports) }),
  });
}

export function useExports(exports: Exports) {
  const list = listOf<Exports>(exports, { pageSize: 20 });
  return useQuery({
    ...list,
    refetchInterval: ({ state: { data } }) => (data?.records.some(isRunning) ? LOOK_AGAIN_MS : false),
  });
}

/** How far an export is, and the file once it is made. */
export function Outcome({ made }: { made: Made }) {
  const { t, i18n } = useTranslation("lists");
  const client = useQueryClient();
  const exports = made.name.split("/")[0] as Exports;
  const path = `/v1/${exports}/{export}:cancel` as "/v1/exports/{export}:cancel";
  const stop = () =>
    void answer(api.POST(path, { params: { path: { export: idOf(made.name) } }, body: {} }))
      .catch(tellError)
      .finally(() => void client.invalidateQueries({ queryKey: keys.lists(exports) }));
  if (isRunning(made))
    return (
      <Group wrap="nowrap">
        <Progress style={{ flex: 1 }} value={made.progressPercent} animated aria-label={t("export.running")} />
        <Button size="xs" variant="default" onClick={stop}>
          {t("export.stop")}
        </Button>
      </Group>
    );
  if (made.state !== "SUCCEEDED") return <Text size="sm">{made.error || t(`export.state.${made.state}`)}</Text>;
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

/** Those that were asked for, with their files. */
export function MadeExports({ made, titleOf }: { made: Made[]; titleOf: (made: Made) => string }) {
  const { t } = useTranslation("lists");
  return (
    made.length > 0 && (
      <Table aria-label={t("export.made")}>
        <Table.Tbody>
          {made.map((one) => (
            <Table.Tr key={one.name}>
              <Table.Td>
                <Text size="sm">{titleOf(one)}</Text>
                <Text size="xs" className="quiet numeric">
                  {formatTime(one.createTime)}
                </Text>
              </Table.Td>
              <Table.Td w="60%">
                <Outcome made={one} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    )
  );
}

type DialogProps = {
  exports: Exports;
  title?: string;
  /** What will be in the file. */
  text: string;
  wanted: Wanted;
  /** Whether earlier files are offered too, where no page does so. */
  past?: boolean;
  onClose: () => void;
};

/** Makes a file of exactly the records that a list shows, or that were chosen. */
export function ExportDialog({ exports, title, text, wanted, past, onClose }: DialogProps) {
  const { t } = useTranslation(["lists", "kit"]);
  const making = useMakeExport(exports);
  const known = useExports(exports).data?.records ?? [];
  const made = known.find(({ name }) => name === making.data?.name) ?? making.data;
  return (
    <Modal opened onClose={onClose} title={title ?? t("export.list")}>
      <Stack>
        {!made && <Text size="sm">{text}</Text>}
        {making.error && <ErrorBox error={making.error} />}
        {made && <Outcome made={made} />}
        {past && !made && <MadeExports made={known} titleOf={({ fileName }) => fileName} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {made ? t("kit:close") : t("kit:cancel")}
          </Button>
          {!made && (
            <Button data-autofocus loading={making.isPending} onClick={() => making.mutate(wanted)}>
              {t("export.make")}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}
