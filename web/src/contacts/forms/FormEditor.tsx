import {
  Button,
  Checkbox,
  Grid,
  Group,
  NativeSelect,
  Radio,
  Stack,
  Stepper,
  TagsInput,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useForm, type FormRulesRecord, type UseFormReturnType } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { idOf } from "../../api/client";
import { contactFormNamed, keys, me } from "../../api/queries";
import { ApiError } from "../../api/errors";
import type { ContactForm, Kind, Sharing } from "../../api/types";
import { languageNow } from "../../app/i18n";
import { ErrorBox } from "../../kit/ErrorBox";
import { formErrors } from "../../kit/errors";
import { LeaveGuard } from "../../kit/LeaveGuard";
import { PeoplePicker } from "../../kit/PeoplePicker";
import { Loaded, SettingsPage } from "../../kit/SettingsPage";
import { TagInput } from "../../kit/TagInput";
import { tell } from "../../kit/toasts";
import { saveForm, type FormValues } from "./calls";
import { FieldChooser } from "./FieldChooser";
import { Preview } from "./Preview";
import { Publish } from "./Publish";

const KINDS: Kind[] = ["PERSON", "COMPANY"];
const SHARINGS: Sharing[] = ["PRIVATE", "READ", "READ_WRITE"];
const asked = (field: string, required = false) => ({ field, label: "", required });
const FIRST: Record<Kind, ContactForm["fields"]> = {
  PERSON: [asked("first_name"), asked("last_name"), asked("emails.work", true), asked("description")],
  COMPANY: [asked("company_name"), asked("emails.work", true), asked("description")],
};
type FormApi = UseFormReturnType<FormValues, FormValues, FormRulesRecord<FormValues>>;

/** On which step a field stands, so that a refusal leads to it. */
const STEP: Partial<Record<string, number>> = { title: 0, fields: 0, redirectUrl: 2, thanks: 2, origins: 2 };

/** Composes a new form. */
export function NewForm() {
  const { data } = useQuery(me);
  return data ? <Editor mine={data.name} /> : null;
}

/** Changes a form, and shows how it gets onto a website. */
export function EditForm() {
  const { id } = useParams({ from: "/frame/settings/contact-forms/$id" });
  return (
    <Loaded query={useQuery(contactFormNamed(`contactForms/${id}`))}>
      {(form) => <Editor form={form} key={id} />}
    </Loaded>
  );
}

function valuesOf(form: ContactForm | undefined, mine = ""): FormValues {
  if (form) return form;
  const empty = { title: "", thanks: "", redirectUrl: "", origins: [], tags: [], paused: false };
  const people = { managers: [mine], recipients: [mine] };
  return { ...empty, ...people, kind: "PERSON", fields: FIRST.PERSON, sharing: "PRIVATE", language: languageNow() };
}

function Editor({ form: saved, mine }: { form?: ContactForm; mine?: string }) {
  const { t } = useTranslation(["forms", "kit", "errors"]);
  const client = useQueryClient();
  const navigate = useNavigate();
  const [step, setStep] = useState(saved ? 3 : 0);
  const form = useForm<FormValues>({
    initialValues: valuesOf(saved, mine),
    validate: { title: (value) => (value.trim() ? null : t("errors:required")) },
  });
  const keep = (known: ContactForm) => {
    client.setQueryData(keys.one(known.name), known);
    void client.invalidateQueries({ queryKey: keys.lists("contactForms") });
  };
  const save = useMutation({
    mutationFn: (values: FormValues) => saveForm(saved, values),
    onSuccess: (known) => {
      keep(known);
      form.resetDirty();
      tell(t("saved"));
      setStep(3);
      if (!saved) void navigate({ to: `/settings/contact-forms/${idOf(known.name)}` as string, replace: true });
    },
    onError: (error) => {
      if (!(error instanceof ApiError)) return;
      const wrong = formErrors(error);
      form.setErrors(wrong);
      setStep(STEP[Object.keys(wrong)[0] ?? ""] ?? step);
    },
  });
  const go = (next: number) => {
    // What the form is called is asked at the beginning, not when it is saved.
    if (next > step && form.validate().hasErrors) setStep(0);
    else setStep(next);
  };
  const values = form.getValues();
  const marked = Object.keys(values);
  return (
    <SettingsPage title={saved ? saved.title : t("new")} lead={t("lead")}>
      <LeaveGuard dirty={() => form.isDirty() && !save.isPending} onLeave={() => form.resetDirty()} />
      <form
        noValidate
        onSubmit={form.onSubmit(
          (entered) => save.mutate(entered),
          () => setStep(0),
        )}
      >
        <Stepper active={step} onStepClick={go} size="sm" mb="md" allowNextStepsSelect>
          <Stepper.Step label={t("step.fields")}>
            <Grid>
              <Grid.Col span={{ base: 12, md: 7 }}>
                <FieldsStep form={form} fixed={Boolean(saved)} />
              </Grid.Col>
              <Grid.Col span={{ base: 12, md: 5 }}>
                <Preview values={values} />
              </Grid.Col>
            </Grid>
          </Stepper.Step>
          <Stepper.Step label={t("step.people")}>
            <PeopleStep form={form} />
          </Stepper.Step>
          <Stepper.Step label={t("step.after")}>
            <AfterStep form={form} />
          </Stepper.Step>
          <Stepper.Step label={t("step.publish")} disabled={!saved}>
            {saved && <Publish form={saved} onChange={keep} />}
          </Stepper.Step>
        </Stepper>
        <Stack maw={720}>
          {save.error && <ErrorBox error={save.error} marked={marked} />}
          <Group>
            {step < 2 && (
              <Button variant="default" onClick={() => go(step + 1)}>
                {t("next")}
              </Button>
            )}
            <Button type="submit" loading={save.isPending}>
              {t("kit:form.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </SettingsPage>
  );
}

type StepProps = { form: FormApi };

/** What visitors become, and what they are asked for. */
function FieldsStep({ form, fixed }: StepProps & { fixed: boolean }) {
  const { t } = useTranslation(["forms", "contacts"]);
  const { kind, fields } = form.getValues();
  const turn = (next: Kind) => form.setValues({ kind: next, fields: FIRST[next] });
  return (
    <Stack>
      <TextInput label={t("formTitle")} required maxLength={255} data-autofocus {...form.getInputProps("title")} />
      <Radio.Group
        label={t("becomes")}
        value={kind}
        onChange={(chosen) => turn(chosen === "COMPANY" ? "COMPANY" : "PERSON")}
      >
        <Group mt={4}>
          {KINDS.map((each) => (
            <Radio key={each} value={each} label={t(`contacts:kind.${each}`)} disabled={fixed} />
          ))}
        </Group>
      </Radio.Group>
      <NativeSelect
        label={t("language")}
        data={[
          { value: "ru", label: "Русский" },
          { value: "en", label: "English" },
        ]}
        {...form.getInputProps("language")}
      />
      <FieldChooser
        kind={kind}
        value={fields}
        onChange={(next) => form.setFieldValue("fields", next)}
        error={form.errors.fields}
      />
    </Stack>
  );
}

/** Who looks after the contacts, who sees them, and who is told. */
function PeopleStep({ form }: StepProps) {
  const { t } = useTranslation(["forms", "contacts"]);
  const names = (field: "managers" | "recipients" | "tags") => ({
    value: form.getValues()[field],
    onChange: (chosen: string[]) => form.setFieldValue(field, chosen),
    error: form.errors[field],
  });
  return (
    <Stack maw={520}>
      <PeoplePicker label={t("contacts:field.managers")} groups crmOnly {...names("managers")} />
      <NativeSelect
        label={t("contacts:field.sharing")}
        data={SHARINGS.map((value) => ({ value, label: t(`contacts:sharing.${value}`) }))}
        {...form.getInputProps("sharing")}
      />
      <TagInput label={t("contacts:field.tags")} {...names("tags")} />
      <PeoplePicker label={t("recipients")} groups crmOnly {...names("recipients")} />
    </Stack>
  );
}

/** What visitors read or where they are led, and which websites may show the form. */
function AfterStep({ form }: StepProps) {
  const { t } = useTranslation("forms");
  return (
    <Stack maw={520}>
      <Textarea
        label={t("thanks")}
        description={t("thanksHint")}
        rows={3}
        maxLength={2000}
        {...form.getInputProps("thanks")}
      />
      <TextInput
        label={t("redirect")}
        description={t("redirectHint")}
        type="url"
        {...form.getInputProps("redirectUrl")}
      />
      <TagsInput
        label={t("origins")}
        description={t("originsHint")}
        {...form.getInputProps("origins")}
        acceptValueOnBlur
      />
      <Checkbox label={t("paused")} {...form.getInputProps("paused", { type: "checkbox" })} />
    </Stack>
  );
}
