import { Badge, Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { QRCodeSVG } from "qrcode.react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { answer, api } from "../../api/client";
import { totp } from "../../api/queries";
import type { RecoveryCodes } from "../../api/types";
import { ActDialog } from "../../kit/ActDialog";
import { CopyField } from "../../kit/CopyField";
import { Section } from "../../kit/RecordPage";
import { Loaded } from "../../kit/SettingsPage";
import { tell, tellError } from "../../kit/toasts";
import classes from "./profile.module.css";
import { PresentPassword } from "../NewPassword";

type Started = { secret: string; uri: string };
type Asked = { what: "enable"; started: Started } | { what: "disable" | "renew" };

const plainCode = (code: string) => code.replace(/\s/g, "");

/** Codes of an authenticator besides the password. */
export function TotpSection() {
  const { t } = useTranslation("profile");
  const client = useQueryClient();
  const [asked, setAsked] = useState<Asked>();
  const [codes, setCodes] = useState<string[]>();
  const close = () => setAsked(undefined);
  const refresh = () => {
    close();
    void client.invalidateQueries({ queryKey: totp.queryKey });
    void client.invalidateQueries({ queryKey: ["me"] });
    void client.invalidateQueries({ queryKey: ["sessions"] });
  };
  const shown = ({ codes }: RecoveryCodes) => {
    refresh();
    setCodes(codes);
  };
  const start = () =>
    answer<Started>(api.POST("/v1/users/me:startTotp", { body: {} })).then(
      (started) => setAsked({ what: "enable", started }),
      tellError,
    );
  return (
    <Section title={t("totp.title")}>
      <Text size="sm" mb="sm" className="quiet">
        {t("totp.lead")}
      </Text>
      <Loaded query={useQuery(totp)}>
        {({ enabled, recoveryCodesLeft }) =>
          enabled ? (
            <Group>
              <Badge color="green" variant="dot" tt="none">
                {t("totp.on")}
              </Badge>
              <Text size="sm">{t("totp.left", { count: recoveryCodesLeft })}</Text>
              <Button size="xs" variant="default" onClick={() => setAsked({ what: "renew" })}>
                {t("totp.renew")}
              </Button>
              <Button size="xs" variant="default" onClick={() => setAsked({ what: "disable" })}>
                {t("totp.disable")}
              </Button>
            </Group>
          ) : (
            <Button size="xs" onClick={() => void start()}>
              {t("totp.enable")}
            </Button>
          )
        }
      </Loaded>
      {asked?.what === "enable" && <EnableDialog started={asked.started} onDone={shown} onClose={close} />}
      {asked?.what === "renew" && <RenewDialog onDone={shown} onClose={close} />}
      {asked?.what === "disable" && (
        <DisableDialog
          onDone={() => {
            refresh();
            tell(t("totp.disabled"));
          }}
          onClose={close}
        />
      )}
      {codes && <CodesDialog codes={codes} onClose={() => setCodes(undefined)} />}
    </Section>
  );
}

function useCodeForm(password: boolean) {
  const { t } = useTranslation("errors");
  const required = (value: string) => (value.trim() ? null : t("required"));
  // What the authenticator shows are six digits; where recovery codes are taken too, they are longer.
  const complete = (value: string) =>
    required(value) ?? (/^\d+$/.test(plainCode(value)) && plainCode(value).length !== 6 ? t("code") : null);
  return useForm({
    initialValues: { code: "", password: "" },
    validate: { code: complete, password: password ? required : undefined },
  });
}

type EnableProps = { started: Started; onDone: (codes: RecoveryCodes) => void; onClose: () => void };

/** The secret goes into the authenticator; a code of it proves that it did. */
function EnableDialog({ started, onDone, onClose }: EnableProps) {
  const { t } = useTranslation("profile");
  const form = useCodeForm(true);
  const enable = ({ code, password }: { code: string; password: string }) =>
    answer<RecoveryCodes>(api.POST("/v1/users/me:enableTotp", { body: { code: plainCode(code), password } }));
  return (
    <ActDialog
      title={t("totp.enable")}
      text={t("totp.scan")}
      action={t("totp.confirm")}
      form={form}
      run={enable}
      onDone={onDone}
      onClose={onClose}
    >
      <div className={classes.qr}>
        <QRCodeSVG value={started.uri} size={176} title={t("totp.qr")} />
      </div>
      <CopyField label={t("totp.secret")} value={started.secret} />
      <TextInput
        label={t("totp.code")}
        autoComplete="one-time-code"
        inputMode="numeric"
        required
        data-autofocus
        {...form.getInputProps("code")}
      />
      <PresentPassword label={t("password.present")} {...form.getInputProps("password")} />
    </ActDialog>
  );
}

type RenewProps = { onDone: (codes: RecoveryCodes) => void; onClose: () => void };

function RenewDialog({ onDone, onClose }: RenewProps) {
  const { t } = useTranslation("profile");
  const form = useCodeForm(false);
  const renew = ({ code }: { code: string }) =>
    answer<RecoveryCodes>(api.POST("/v1/users/me:renewRecoveryCodes", { body: { code: plainCode(code) } }));
  return (
    <ActDialog
      title={t("totp.renew")}
      text={t("totp.renewText")}
      action={t("totp.renew")}
      form={form}
      run={renew}
      onDone={onDone}
      onClose={onClose}
    >
      <TextInput
        label={t("totp.code")}
        description={t("totp.codeOrRecovery")}
        autoComplete="one-time-code"
        required
        data-autofocus
        {...form.getInputProps("code")}
      />
    </ActDialog>
  );
}

function DisableDialog({ onDone, onClose }: { onDone: () => void; onClose: () => void }) {
  const { t } = useTranslation("profile");
  const form = useCodeForm(true);
  const disable = ({ code, password }: { code: string; password: string }) =>
    answer(api.POST("/v1/users/me:disableTotp", { body: { code: plainCode(code), password } }));
  return (
    <ActDialog
      title={t("totp.disable")}
      text={t("totp.disableText")}
      action={t("totp.disable")}
      danger
      form={form}
      run={disable}
      onDone={onDone}
      onClose={onClose}
    >
      <PresentPassword label={t("password.present")} data-autofocus {...form.getInputProps("password")} />
      <TextInput
        label={t("totp.code")}
        description={t("totp.codeOrRecovery")}
        autoComplete="one-time-code"
        required
        {...form.getInputProps("code")}
      />
    </ActDialog>
  );
}

/** Shows the codes for whoever loses the authenticator, for the only time. */
function CodesDialog({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  const { t } = useTranslation(["profile", "kit"]);
  const text = codes.join("\n");
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("totp.codes")}
      // They are shown only now: no stray key or click may take them away.
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <Stack>
        <Text size="sm">{t("totp.codesText")}</Text>
        <ul className={classes.codes}>
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
        <CopyField label={t("totp.allCodes")} value={codes.join(" ")} />
        <Group justify="flex-end">
          <Button
            component="a"
            variant="default"
            href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}
            download="recovery-codes.txt"
          >
            {t("totp.download")}
          </Button>
          <Button onClick={onClose}>{t("totp.kept")}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
