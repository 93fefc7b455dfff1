import { Button, Group, Modal, Skeleton, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ApiError } from "../api/errors";
import { keys, listOf } from "../api/queries";
import type { ContactMerge } from "../api/types";
import { formatTime } from "../kit/days";
import { ErrorBox } from "../kit/ErrorBox";
import { Section } from "../kit/RecordPage";
import { tell } from "../kit/toasts";
import { MergeConflicts } from "./MergeConflicts";
import { part } from "./merges";

/** Which contacts were taken into this one, and the way to part them again. */
export function MergesOfContact({ contact, mayPart }: { contact: string; mayPart: boolean }) {
  const { t } = useTranslation("bulk");
  const merges = useQuery(listOf("contactMerges", { filter: `target = "${contact}" AND state = MERGED` }));
  const [parting, setParting] = useState<ContactMerge>();
  const made = merges.data?.records ?? [];
  if (made.length === 0) return null;
  return (
    <Section title={t("merge.merges")}>
      <Stack gap="xs">
        {made.map((one) => (
          <Group key={one.name} justify="space-between">
            <span className="anywhere">
              {one.sourceTitle} <span className="quiet numeric">{formatTime(one.createTime)}</span>
            </span>
            {mayPart && (
              <Button
                size="xs"
                variant="default"
                aria-label={t("merge.partOne", { title: one.sourceTitle })}
                onClick={() => setParting(one)}
              >
                {t("merge.part")}
              </Button>
            )}
          </Group>
        ))}
      </Stack>
      {parting && <PartDialog made={parting} onClose={() => setParting(undefined)} />}
    </Section>
  );
}

function PartDialog({ made, onClose }: { made: ContactMerge; onClose: () => void }) {
  const { t } = useTranslation(["bulk", "kit"]);
  const client = useQueryClient();
  const [taken, setTaken] = useState<string[]>([]);
  const preview = useQuery({
    queryKey: [...keys.one(made.name), "part"],
    queryFn: () => part(made, [], [], true),
    retry: false,
    staleTime: 0,
    // What was changed since is looked at anew each time one asks.
    gcTime: 0,
  });
  const conflicts = preview.data?.conflicts ?? [];
  const keep = conflicts.map(({ field }) => field).filter((field) => !taken.includes(field));
  const parting = useMutation({
    mutationFn: () => part(made, taken, keep, false),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["contacts"] });
      void client.invalidateQueries({ queryKey: keys.lists("contactMerges") });
      tell(t("merge.parted", { title: made.sourceTitle }));
      onClose();
    },
    // Somebody changed something while the question stood there: it is asked about too.
    onError: (error) => {
      if (error instanceof ApiError && error.reason === "UNMERGE_CONFLICTS") void preview.refetch();
    },
  });
  return (
    <Modal opened onClose={onClose} title={t("merge.partTitle", { title: made.sourceTitle })} size="lg">
      <Stack>
        <Text size="sm">{t("merge.partText", { title: made.sourceTitle })}</Text>
        {conflicts.length > 0 && <Text size="sm">{t("merge.changedSince")}</Text>}
        {preview.isPending && <Skeleton height={60} />}
        {preview.error && <ErrorBox error={preview.error} />}
        <MergeConflicts
          conflicts={conflicts}
          labels={{ target: t("merge.asNow"), source: t("merge.asBefore") }}
          taken={taken}
          onTake={setTaken}
        />
        {parting.error && <ErrorBox error={parting.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("kit:cancel")}
          </Button>
          <Button disabled={!preview.data} loading={parting.isPending} onClick={() => parting.mutate()}>
            {t("merge.part")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
