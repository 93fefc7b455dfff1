import { Alert, Button, Checkbox, Group, NativeSelect, Radio, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { keys } from "../../api/queries";
import { ErrorBox } from "../../kit/ErrorBox";
import { PeoplePicker } from "../../kit/PeoplePicker";
import { Section } from "../../kit/RecordPage";
import { TagInput } from "../../kit/TagInput";
import { SHARINGS } from "../search";
import { start } from "./calls";
import type { StepProps } from "./ImportPage";

const DUPLICATES = ["SKIP", "OVERWRITE", "MERGE", "CREATE"] as const;
const MATCHES = ["EMAIL_THEN_PHONE", "EMAIL", "PHONE"] as const;

/** What to do with contacts that are there already and who gets the new ones; then tried, or carried out. */
export function RunStep({ made, change }: StepProps) {
  const { t } = useTranslation(["imports", "contacts"]);
  const client = useQueryClient();
  const starting = useMutation({
    mutationFn: (dryRun: boolean) => start(made, dryRun),
    onSuccess: (saved) => client.setQueryData(keys.one(saved.name), saved),
  });
  return (
    <Section title={t("options.title")}>
      <Stack maw={560}>
        <Radio.Group
          label={t("options.duplicates")}
          value={made.duplicates}
          onChange={(value) => change({ duplicates: DUPLICATES.find((known) => known === value) })}
        >
          <Stack gap={6} mt={4}>
            {DUPLICATES.map((value) => (
              <Radio
                key={value}
                value={value}
                label={t(`duplicates.${value}`)}
                description={t(`duplicatesText.${value}`)}
              />
            ))}
          </Stack>
        </Radio.Group>
        <NativeSelect
          label={t("options.matchBy")}
          data={MATCHES.map((value) => ({ value, label: t(`matchBy.${value}`) }))}
          value={made.matchBy}
          onChange={(event) => change({ matchBy: MATCHES.find((known) => known === event.currentTarget.value) })}
        />
        <NativeSelect
          label={t("options.badCells")}
          data={(["REJECT_ROW", "DROP_CELL"] as const).map((value) => ({ value, label: t(`badCells.${value}`) }))}
          value={made.badCells}
          onChange={(event) =>
            change({ badCells: event.currentTarget.value === "DROP_CELL" ? "DROP_CELL" : "REJECT_ROW" })
          }
        />
        <PeoplePicker
          groups
          crmOnly
          label={t("contacts:field.managers")}
          value={made.managers}
          onChange={(managers) => change({ managers })}
        />
        <NativeSelect
          label={t("contacts:field.sharing")}
          data={SHARINGS.map((value) => ({ value, label: t(`contacts:sharing.${value}`) }))}
          value={made.sharing}
          onChange={(event) => change({ sharing: SHARINGS.find((known) => known === event.currentTarget.value) })}
        />
        <TagInput label={t("contacts:field.tags")} value={made.tags} onChange={(tags) => change({ tags })} />
        <Checkbox
          label={t("contacts:notify")}
          checked={made.notify}
          onChange={(event) => change({ notify: event.currentTarget.checked })}
        />
        {made.dryRun && made.state === "SUCCEEDED" && (
          <Alert color="ink" title={t("tried.title")} role="status">
            {t("tried.text", {
              created: made.createdCount,
              updated: made.updatedCount,
              skipped: made.skippedCount,
              rejected: made.rejectedCount - made.conflictCount,
              conflicts: made.conflictCount,
            })}
          </Alert>
        )}
        {made.error && (
          <Alert color="red" role="alert">
            {made.error}
          </Alert>
        )}
        {starting.error && <ErrorBox error={starting.error} />}
        <Group>
          <Button variant="default" loading={starting.isPending} onClick={() => starting.mutate(true)}>
            {t("try")}
          </Button>
          <Button loading={starting.isPending} onClick={() => starting.mutate(false)}>
            {t("run")}
          </Button>
        </Group>
      </Stack>
    </Section>
  );
}
