import {
  Alert,
  Button,
  Checkbox,
  Group,
  Modal,
  NativeSelect,
  Radio,
  SimpleGrid,
  Stack,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconAlertTriangle } from "@tabler/icons-react";
import dayjs from "dayjs";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { answer, api } from "../../api/client";
import { me } from "../../api/queries";
import type { ApiKey } from "../../api/types";
import { ActDialog } from "../../kit/ActDialog";
import { CopyField } from "../../kit/CopyField";
import { administersCrm } from "../../kit/roles";
import { PresentPassword } from "../NewPassword";

const SERVICES = ["contacts", "invoicing", "identity", "notifications"] as const;
const DAYS = ["30", "90", "365", ""] as const;

type Values = {
  title: string;
  may: "EVERYTHING" | "READ" | "CHOSEN";
  scopes: string[];
  days: string;
  password: string;
};

const scopesOf = ({ may, scopes }: Values) => ({ EVERYTHING: [], READ: ["read"], CHOSEN: scopes })[may];

function makeKey(values: Values) {
  const expireTime = values.days ? dayjs().add(Number(values.days), "day").toISOString() : undefined;
  const { title, password } = values;
  const body = { title, password, scopes: scopesOf(values), expireTime };
  return answer<ApiKey>(api.POST("/v1/apiKeys", { body }));
}

/** Makes a key for a program: what for, what it may do, and until when. */
export function NewKeyDialog({ onDone, onClose }: { onDone: (key: ApiKey) => void; onClose: () => void }) {
  const { t } = useTranslation(["portal", "errors"]);
  const administrator = administersCrm(useQuery(me).data);
  const form = useForm<Values>({
    initialValues: { title: "", may: "READ", scopes: [], days: "90", password: "" },
    validate: {
      title: (value) => (value.trim() ? null : t("errors:required")),
      password: (value) => (value ? null : t("errors:required")),
      scopes: (scopes, { may }) => (may === "CHOSEN" && scopes.length === 0 ? t("errors:required") : null),
    },
  });
  return (
    <ActDialog
      title={t("keys.new")}
      action={t("keys.make")}
      form={form}
      run={makeKey}
      onDone={onDone}
      onClose={onClose}
    >
      <TextInput
        label={t("keys.name")}
        description={t("keys.nameHint")}
        required
        data-autofocus
        {...form.getInputProps("title")}
      />
      <Radio.Group label={t("keys.may")} {...form.getInputProps("may")}>
        <Stack gap={6} mt={4}>
          <Radio value="READ" label={t("keys.READ")} />
          <Radio value="EVERYTHING" label={t("keys.EVERYTHING")} description={t("keys.everythingText")} />
          <Radio value="CHOSEN" label={t("keys.CHOSEN")} />
        </Stack>
      </Radio.Group>
      {form.getValues().may === "CHOSEN" && (
        <Checkbox.Group label={t("keys.scopes")} {...form.getInputProps("scopes")}>
          <SimpleGrid cols={2} spacing={6} mt={4}>
            {SERVICES.flatMap((service) =>
              (["read", "write"] as const).map((act) => (
                <Checkbox
                  key={service + act}
                  value={`${service}.${act}`}
                  label={t(`keys.scope.${act}`, { service: t(`keys.service.${service}`) })}
                />
              )),
            )}
            {administrator && (
              <Checkbox value="audit.read" label={t("keys.scope.read", { service: t("keys.service.audit") })} />
            )}
          </SimpleGrid>
        </Checkbox.Group>
      )}
      <NativeSelect
        label={t("keys.expires")}
        data={DAYS.map((value) => ({ value, label: t(`keys.days.${value || "never"}`) }))}
        {...form.getInputProps("days")}
      />
      <PresentPassword label={t("keys.password")} {...form.getInputProps("password")} />
    </ActDialog>
  );
}

/** Shows the secret of a new key, for the only time. */
export function SecretDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const { t } = useTranslation(["portal", "kit"]);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("keys.made", { title: apiKey.title })}
      size="lg"
      closeOnClickOutside={false}
    >
      <Stack>
        <Alert color="yellow" icon={<IconAlertTriangle />}>
          {t("keys.once")}
        </Alert>
        <CopyField first label={t("keys.secret")} description="Authorization: Bearer …" value={apiKey.secret} />
        <Group justify="flex-end">
          <Button onClick={onClose}>{t("kit:close")}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
