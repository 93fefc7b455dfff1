import { Button, Group, Skeleton, Stepper } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { keys } from "../../api/queries";
import { PageUnavailable } from "../EmptyState";
import { SettingsPage } from "../SettingsPage";
import { tellError } from "../toasts";
import { decide, importNamed, isRunning } from "./calls";
import { FileStep } from "./FileStep";
import { FieldsStep } from "./FieldsStep";
import { useKind, type Decisions, type Import } from "./kind";
import { PreviewStep } from "./PreviewStep";
import { Progress } from "./Progress";
import { Result } from "./Result";
import { RunStep } from "./RunStep";

/** A vCard says itself what is what. */
const stepsOf = ({ format }: Import) =>
  format === "VCARD" ? (["file", "check", "run"] as const) : (["file", "fields", "check", "run"] as const);

/** One import: decided about step by step, then carried out, then what became of it. */
export function ImportPage() {
  const { collection } = useKind();
  const { id } = useParams({ strict: false });
  const { data: made, error, refetch } = useQuery(importNamed(`${collection}/${id}`));
  if (error) return <PageUnavailable error={error} onRetry={() => void refetch()} />;
  if (!made) return <Skeleton height={320} m="lg" maw={820} />;
  return (
    <SettingsPage title={made.fileName}>
      {isRunning(made.state) ? (
        <Progress made={made} />
      ) : made.state === "DRAFT" || made.dryRun ? (
        <Wizard made={made} />
      ) : (
        <Result made={made} />
      )}
    </SettingsPage>
  );
}

function Wizard({ made }: { made: Import }) {
  const { t } = useTranslation("imports");
  const client = useQueryClient();
  const steps = stepsOf(made);
  // What was tried is shown where it is carried out.
  const [step, setStep] = useState(made.dryRun ? steps.length - 1 : 0);
  const shown = steps[step];
  const change = (decisions: Decisions) =>
    void decide(made, decisions).then(
      (saved) => {
        client.setQueryData(keys.one(saved.name), saved);
        void client.invalidateQueries({ queryKey: [...keys.one(saved.name), "preview"] });
      },
      (error) => {
        tellError(error);
        void client.invalidateQueries({ queryKey: keys.one(made.name) });
      },
    );
  const props = { made, change };
  return (
    <>
      <Stepper active={step} onStepClick={setStep} size="sm" mb="md" iconSize={32}>
        {steps.map((name) => (
          <Stepper.Step key={name} label={t(`step.${name}`)} />
        ))}
      </Stepper>
      {shown === "file" && <FileStep {...props} />}
      {shown === "fields" && <FieldsStep {...props} />}
      {shown === "check" && <PreviewStep made={made} />}
      {shown === "run" && <RunStep {...props} />}
      <Group mt="md">
        {step > 0 && (
          <Button variant="default" onClick={() => setStep(step - 1)}>
            {t("back")}
          </Button>
        )}
        {step < steps.length - 1 && <Button onClick={() => setStep(step + 1)}>{t("next")}</Button>}
      </Group>
    </>
  );
}
