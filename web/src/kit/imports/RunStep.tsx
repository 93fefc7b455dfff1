import { Alert, Button, Group, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { keys } from "../../api/queries";
import { ErrorBox } from "../ErrorBox";
import { Section } from "../RecordPage";
import { start } from "./calls";
import { countsOf, useKind, type StepProps } from "./kind";

/** What is to be done with the rows; then tried, or carried out. */
export function RunStep({ made, change }: StepProps) {
  const { t } = useTranslation("imports");
  const { Options, words } = useKind();
  const client = useQueryClient();
  const starting = useMutation({
    mutationFn: (dryRun: boolean) => start(made, dryRun),
    onSuccess: (saved) => client.setQueryData(keys.one(saved.name), saved),
  });
  return (
    <Section title={t("options.title")}>
      <Stack maw={560}>
        <Options made={made} change={change} />
        {made.dryRun && made.state === "SUCCEEDED" && (
          <Alert color="ink" title={t("tried.title")} role="status">
            {t(`of.${words}.tried`, countsOf(made))}
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
