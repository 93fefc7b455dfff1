import { Anchor, Center, List, Stack, Text, Title } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { listOf, me, portal } from "../api/queries";
import { PageTitle } from "../kit/PageTitle";

/** How often somebody without access looks whether there is some by now: streams tell only what is their own. */
const LOOK_AGAIN_MS = 15_000;

/** What somebody sees who may not use the CRM: that it is nobody's mistake, and whom to ask. */
export function NoCrm() {
  const { t } = useTranslation();
  useQuery({ ...me, refetchInterval: LOOK_AGAIN_MS });
  // Off for everybody is another thing than closed to one person.
  const off = useQuery({ ...portal, refetchInterval: LOOK_AGAIN_MS }).data?.crmEnabled === false;
  const { data } = useQuery(listOf("users", { filter: "state = ACTIVE AND (role = OWNER OR role = PORTAL_ADMIN)" }));
  return (
    <Center mih="60vh" p="lg">
      <PageTitle title={t(off ? "noCrm.offTitle" : "noCrm.title")} />
      <Stack align="center" gap="xs" maw={460} ta="center">
        <IconLock size={34} stroke={1.4} aria-hidden />
        <Title order={1}>{t(off ? "noCrm.offTitle" : "noCrm.title")}</Title>
        <Text size="sm" className="quiet">
          {t(off ? "noCrm.offText" : "noCrm.text")}
        </Text>
        <List listStyleType="none" size="sm">
          {data?.records.map((user) => (
            <List.Item key={user.name}>
              {user.displayName} · <Anchor href={`mailto:${user.email}`}>{user.email}</Anchor>
            </List.Item>
          ))}
        </List>
      </Stack>
    </Center>
  );
}
