import { Alert, Button, Group, Modal, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { answer, api } from "../../api/client";
import { keys } from "../../api/queries";
import type { ApiKey } from "../../api/types";
import { ActDialog } from "../../kit/ActDialog";
import { CopyField } from "../../kit/CopyField";

type Values = { title: string; password: string };

/** A key that opens the calendar and nothing else. */
function makeKey(values: Values) {
  return answer<ApiKey>(api.POST("/v1/apiKeys", { body: { ...values, scopes: ["calendar"] } }));
}

/** Makes an address at which a calendar program finds the events of whoever asks for it. */
export default function SubscribeDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(["events", "identity", "errors", "kit"]);
  const client = useQueryClient();
  const [made, setMade] = useState<ApiKey>();
  const required = (value: string) => (value.trim() ? null : t("errors:required"));
  const form = useForm<Values>({
    initialValues: { title: t("subscribe.defaultTitle"), password: "" },
    validate: { title: required, password: required },
  });
  if (made) return <Address secret={made.secret} onClose={onClose} />;
  return (
    <ActDialog
      title={t("subscribe.title")}
      text={t("subscribe.text")}
      action={t("subscribe.make")}
      form={form}
      run={makeKey}
      onDone={(key) => {
        setMade(key);
        void client.invalidateQueries({ queryKey: keys.lists("apiKeys") });
      }}
      onClose={onClose}
    >
      <TextInput
        label={t("subscribe.name")}
        description={t("subscribe.nameHint")}
        required
        {...form.getInputProps("title")}
      />
      <PasswordInput
        label={t("subscribe.password")}
        autoComplete="current-password"
        required
        data-autofocus
        visibilityToggleButtonProps={{ "aria-label": t("identity:showPassword") }}
        {...form.getInputProps("password")}
      />
    </ActDialog>
  );
}

/** Shows the address, for the only time: whoever has it reads the calendar. */
function Address({ secret, onClose }: { secret: string; onClose: () => void }) {
  const { t } = useTranslation(["events", "kit"]);
  return (
    <Modal opened onClose={onClose} title={t("subscribe.made")} size="lg" closeOnClickOutside={false}>
      <Stack>
        <Alert color="yellow" icon={<IconAlertTriangle />}>
          {t("subscribe.once")}
        </Alert>
        <CopyField first label={t("subscribe.address")} value={`${location.origin}/calendar/${secret}.ics`} />
        <Text size="sm" className="quiet">
          {t("subscribe.how")}
        </Text>
        <Group justify="flex-end">
          <Button onClick={onClose}>{t("kit:close")}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
