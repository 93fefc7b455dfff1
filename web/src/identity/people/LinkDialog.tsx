import { Alert, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { IconMail, IconMailOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { mailSettings } from "../../api/queries";
import type { User } from "../../api/types";
import { CopyField } from "../../kit/CopyField";

export type OneTimeLink = { user: User; purpose: "invitation" | "reset"; link: string };

/** Shows a link that works once, which nobody can be shown again, and says whether it is on its way by mail. */
export function LinkDialog({ user, purpose, link, onClose }: OneTimeLink & { onClose: () => void }) {
  const { t } = useTranslation(["people", "kit"]);
  const { data: mail } = useQuery(mailSettings);
  const mailed = mail?.delivery === "SMTP";
  return (
    <Modal opened onClose={onClose} title={t(`link.${purpose}.title`, { name: user.displayName })} size="lg">
      <Stack>
        {mail && (
          <Alert color={mailed ? "green" : "yellow"} icon={mailed ? <IconMail /> : <IconMailOff />}>
            {mailed ? t("link.mailed", { email: user.email }) : t("link.notMailed")}
          </Alert>
        )}
        <CopyField first label={t(`link.${purpose}.label`)} value={new URL(link, location.origin).href} />
        <Text size="sm" className="quiet">
          {t(`link.${purpose}.text`)}
        </Text>
        <Group justify="flex-end">
          <Button onClick={onClose}>{t("kit:close")}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
