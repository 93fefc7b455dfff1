import { Center, Stack, Text, Title } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { PageTitle } from "../kit/PageTitle";

/** In place of a page of the settings that is not for the person at the screen. */
export function AdminsOnly() {
  const { t } = useTranslation();
  return (
    <Center mih="60vh" p="lg">
      <PageTitle title={t("adminsOnly.title")} />
      <Stack align="center" gap="xs" maw={420} ta="center">
        <IconLock size={34} stroke={1.4} aria-hidden />
        <Title order={1}>{t("adminsOnly.title")}</Title>
        <Text size="sm" className="quiet">
          {t("adminsOnly.text")}
        </Text>
      </Stack>
    </Center>
  );
}
