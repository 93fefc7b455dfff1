import { Anchor, Center, Stack, Text, Title } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import type { Contact } from "../api/types";
import { PageTitle } from "../kit/PageTitle";
import { Principals } from "../kit/Person";

/** In place of the form, for those who may only read a contact: that it is so, and whom to ask. */
export function ReadOnly({ contact }: { contact: Contact }) {
  const { t } = useTranslation("contacts");
  return (
    <Center mih="60vh" p="lg">
      <PageTitle title={contact.displayName} />
      <Stack align="center" gap="xs" maw={460} ta="center">
        <IconLock size={34} stroke={1.4} aria-hidden />
        <Title order={1}>{t("readOnly.title")}</Title>
        <Text size="sm" className="quiet">
          {t("readOnly.text")}
        </Text>
        <Principals names={contact.managers} />
        <Anchor component={Link} to={`/${contact.name}` as "/"} size="sm">
          {contact.displayName}
        </Anchor>
      </Stack>
    </Center>
  );
}
