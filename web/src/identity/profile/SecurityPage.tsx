import { Anchor, Badge, Button, Group, Stack, Table, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { answer, api, idOf } from "../../api/client";
import { keys, listOf, portal } from "../../api/queries";
import type { Session } from "../../api/types";
import { formatTime } from "../../kit/days";
import { Section } from "../../kit/RecordPage";
import { Loaded, SettingsForm } from "../../kit/SettingsPage";
import { tell, tellError } from "../../kit/toasts";
import { NewPassword, PresentPassword, wrongPassword } from "../NewPassword";
import { browserOf } from "./browser";
import { TotpSection } from "./TotpSection";

/** How one proves who one is, and where one is signed in. */
export function SecurityPage() {
  const { t } = useTranslation("profile");
  return (
    <>
      <Section title={t("password.title")}>
        <PasswordForm />
      </Section>
      <TotpSection />
      <OtherProvider />
      <Sessions />
    </>
  );
}

/** Where the operator has set another provider, its account is linked to this one by signing in there once. */
function OtherProvider() {
  const { t } = useTranslation("profile");
  const title = useQuery(portal).data?.oidcTitle;
  if (!title) return null;
  return (
    <Section title={t("provider.title", { title })}>
      <Text size="sm" mb="sm" className="quiet">
        {t("provider.lead", { title })}
      </Text>
      <Anchor href="/v1/oidc:start" size="sm">
        {t("provider.connect", { title })}
      </Anchor>
    </Section>
  );
}

function PasswordForm() {
  const { t } = useTranslation(["profile", "errors"]);
  const client = useQueryClient();
  const form = useForm({
    initialValues: { password: "", newPassword: "" },
    validate: { password: (value) => (value ? null : t("errors:required")), newPassword: wrongPassword },
  });
  const change = (body: { password: string; newPassword: string }) =>
    answer(api.POST("/v1/users/me:changePassword", { body }));
  return (
    <SettingsForm
      form={form}
      run={change}
      save={t("password.save")}
      onDone={() => {
        form.reset();
        void client.invalidateQueries({ queryKey: keys.lists("sessions") });
        tell(t("password.changed"));
      }}
    >
      <Text size="sm" className="quiet">
        {t("password.lead")}
      </Text>
      <PresentPassword label={t("password.present")} {...form.getInputProps("password")} />
      <NewPassword label={t("password.new")} {...form.getInputProps("newPassword")} />
    </SettingsForm>
  );
}

function Sessions() {
  const { t } = useTranslation("profile");
  const client = useQueryClient();
  const sessions = useQuery(listOf("sessions", { pageSize: 100 }));
  const ended = () => client.invalidateQueries({ queryKey: keys.lists("sessions") });
  const endOthers = useMutation({
    mutationFn: () => answer(api.POST("/v1/sessions:deleteOthers", { body: {} })),
    onSuccess: () => {
      tell(t("sessions.endedOthers"));
      return ended();
    },
    onError: tellError,
  });
  const end = useMutation({
    mutationFn: ({ name }: Session) =>
      answer(api.DELETE("/v1/sessions/{session}", { params: { path: { session: idOf(name) } } })),
    onSuccess: ended,
    onError: tellError,
  });
  return (
    <Section
      title={t("sessions.title")}
      action={
        <Button size="xs" variant="default" loading={endOthers.isPending} onClick={() => endOthers.mutate()}>
          {t("sessions.endOthers")}
        </Button>
      }
    >
      <Loaded query={sessions}>
        {({ records }) => (
          <Table aria-label={t("sessions.title")}>
            <Table.Tbody>
              {records.map((session) => (
                <Table.Tr key={session.name}>
                  <Table.Td>
                    <Stack gap={0}>
                      <Group gap={8}>
                        <Text size="sm" fw={500} title={session.userAgent}>
                          {browserOf(session.userAgent)}
                        </Text>
                        {session.current && (
                          <Badge color="green" variant="dot" tt="none">
                            {t("sessions.current")}
                          </Badge>
                        )}
                      </Group>
                      <Text size="xs" className="quiet">
                        {session.address} · {t("sessions.used", { time: formatTime(session.lastUseTime ?? "") })}
                      </Text>
                    </Stack>
                  </Table.Td>
                  <Table.Td ta="right">
                    {!session.current && (
                      <Button
                        size="compact-sm"
                        variant="subtle"
                        aria-label={t("sessions.endOne", { browser: browserOf(session.userAgent) })}
                        onClick={() => end.mutate(session)}
                      >
                        {t("sessions.end")}
                      </Button>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Loaded>
    </Section>
  );
}
