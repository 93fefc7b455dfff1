import { Alert, Button, Group, NativeSelect, NumberInput, PasswordInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconInfoCircle, IconMailCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { answer, api } from "../api/client";
import { mailSettings, me } from "../api/queries";
import type { MailSettings } from "../api/types";
import { ActDialog } from "../kit/ActDialog";
import { isEmail } from "../kit/email";
import { Section } from "../kit/RecordPage";
import { useSettingsForm } from "../kit/settingsForm";
import { Loaded, SettingsForm, SettingsPage } from "../kit/SettingsPage";
import { tell } from "../kit/toasts";
import { MailList } from "./MailList";

const PROTECTIONS = ["STARTTLS", "TLS", "NONE"] as const satisfies MailSettings["security"][];

/** The port that goes with a protection by custom. */
const PORTS = { STARTTLS: 587, TLS: 465, NONE: 25 } as const;

type Values = {
  host: string;
  port: number;
  security: MailSettings["security"];
  user: string;
  password: string;
  fromAddress: string;
  fromName: string;
};

/** How mail leaves this installation, and what became of it. */
export function MailPage() {
  const { t } = useTranslation("notifications");
  return (
    <SettingsPage title={t("mail.title")} lead={t("mail.lead")}>
      <Loaded query={useQuery(mailSettings)}>{(settings) => <Server settings={settings} />}</Loaded>
      <MailList />
    </SettingsPage>
  );
}

function Server({ settings }: { settings: MailSettings }) {
  const { t } = useTranslation("notifications");
  const [testing, setTesting] = useState(false);
  return (
    <Section
      title={t("mail.server")}
      action={
        <Button size="xs" variant="default" leftSection={<IconMailCheck size={14} />} onClick={() => setTesting(true)}>
          {t("mail.test")}
        </Button>
      }
    >
      {settings.delivery !== "SMTP" && (
        <Alert color="yellow" icon={<IconInfoCircle />} mb="md">
          {t(`delivery.${settings.delivery}`)}
        </Alert>
      )}
      <ServerForm settings={settings} />
      {testing && <TestDialog onClose={() => setTesting(false)} />}
    </Section>
  );
}

/** A password that was not typed stays what it is; without a user there is none. */
function bodyOf({ password, ...changes }: Partial<Values> & { etag: string }, settings: MailSettings) {
  if (changes.user === "" && settings.passwordSet) return { ...changes, password: "" };
  return password ? { ...changes, password } : changes;
}

function ServerForm({ settings }: { settings: MailSettings }) {
  const { t } = useTranslation(["notifications", "identity", "errors"]);
  const call = useSettingsForm<MailSettings, Values>({
    queryKey: mailSettings.queryKey,
    settings,
    valuesOf: ({ host, port, security, user, fromAddress, fromName }) => ({
      ...{ host, port, security, user, fromAddress, fromName },
      password: "",
    }),
    validate: ({ host, fromAddress }) => ({
      fromAddress:
        (host || fromAddress) && !isEmail(fromAddress) ? t(fromAddress ? "errors:email" : "errors:required") : null,
    }),
    update: (changes) => answer<MailSettings>(api.PATCH("/v1/mailSettings", { body: bodyOf(changes, settings) })),
  });
  const { form } = call;
  const protect = (security: Values["security"]) => {
    const customary = Object.values<number>(PORTS).includes(form.getValues().port);
    form.setFieldValue("security", security);
    if (customary) form.setFieldValue("port", PORTS[security as keyof typeof PORTS]);
  };
  return (
    <SettingsForm {...call}>
      <Group align="flex-start" wrap="nowrap">
        <TextInput
          label={t("mail.host")}
          placeholder="smtp.example.com"
          flex={1}
          autoComplete="off"
          {...form.getInputProps("host")}
        />
        <NumberInput
          label={t("mail.port")}
          w={96}
          min={1}
          max={65535}
          allowDecimal={false}
          hideControls
          {...form.getInputProps("port")}
        />
      </Group>
      <NativeSelect
        label={t("mail.security")}
        data={PROTECTIONS.map((value) => ({ value, label: t(`security.${value}`) }))}
        {...form.getInputProps("security")}
        onChange={(event) => protect(event.currentTarget.value as Values["security"])}
      />
      <TextInput label={t("mail.user")} autoComplete="off" {...form.getInputProps("user")} />
      <PasswordInput
        label={t("mail.password")}
        placeholder={settings.passwordSet ? t("mail.passwordSet") : undefined}
        autoComplete="new-password"
        visibilityToggleButtonProps={{ "aria-label": t("identity:showPassword") }}
        {...form.getInputProps("password")}
      />
      <TextInput label={t("mail.fromAddress")} type="email" {...form.getInputProps("fromAddress")} />
      <TextInput label={t("mail.fromName")} {...form.getInputProps("fromName")} />
    </SettingsForm>
  );
}

type Tested = { delivery: MailSettings["delivery"]; answer: string };

/** Sends one mail at once, by what is saved; the server's own words say why it did not work. */
function TestDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(["notifications", "errors"]);
  const { data: self } = useQuery(me);
  const form = useForm({
    initialValues: { to: self?.email ?? "" },
    validate: { to: (value) => (isEmail(value) ? null : t("errors:email")) },
  });
  return (
    <ActDialog
      title={t("mail.test")}
      text={t("mail.testText")}
      action={t("mail.testSend")}
      form={form}
      run={(body) => answer<Tested>(api.POST("/v1/mailSettings:test", { body }))}
      onDone={({ delivery }) => {
        tell(t(delivery === "SMTP" ? "mail.testSent" : "mail.testKept", { to: form.getValues().to }));
        onClose();
      }}
      onClose={onClose}
    >
      <TextInput label={t("mail.to")} type="email" required data-autofocus {...form.getInputProps("to")} />
    </ActDialog>
  );
}
