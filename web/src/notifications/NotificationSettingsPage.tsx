import { NativeSelect, Switch, Table } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { answer, api } from "../api/client";
import { notificationSettings } from "../api/queries";
import type { Channels, NotificationSettings } from "../api/types";
import { Section } from "../kit/RecordPage";
import { useSettingsForm } from "../kit/settingsForm";
import { Loaded, SettingsForm } from "../kit/SettingsPage";

const EMAILS = ["IMMEDIATELY", "DAILY", "NEVER"] as const satisfies Channels["email"][];
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

type Values = { kinds: Channels[]; digestHour: number };

/** What one wants to be told, and how. */
export function NotificationSettingsPage() {
  const { t } = useTranslation("notifications");
  return (
    <Section title={t("settings.title")}>
      <Loaded query={useQuery(notificationSettings)}>{(settings) => <Form settings={settings} />}</Loaded>
    </Section>
  );
}

function Form({ settings }: { settings: NotificationSettings }) {
  const { t } = useTranslation("notifications");
  const call = useSettingsForm<NotificationSettings, Values>({
    queryKey: notificationSettings.queryKey,
    settings,
    valuesOf: ({ kinds, digestHour }) => ({ kinds, digestHour }),
    update: (body) => answer<NotificationSettings>(api.PATCH("/v1/notificationSettings", { body })),
  });
  const { form } = call;
  const { kinds, digestHour } = form.getValues();
  return (
    <SettingsForm {...call}>
      <Table aria-label={t("settings.title")} layout="fixed">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("settings.kind")}</Table.Th>
            <Table.Th w={92}>{t("settings.page")}</Table.Th>
            <Table.Th w={140}>{t("settings.email")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {kinds.map(({ kind, page, email }, index) => (
            <Table.Tr key={kind}>
              <Table.Td>{t(`kind.${kind}`)}</Table.Td>
              <Table.Td>
                {/* Who came in by one's name, one must be able to see. */}
                {kind === "SECURITY" ? (
                  t("settings.always")
                ) : (
                  <Switch
                    aria-label={t("settings.pageOf", { kind: t(`kind.${kind}`) })}
                    checked={page}
                    onChange={(event) => form.setFieldValue(`kinds.${index}.page`, event.currentTarget.checked)}
                  />
                )}
              </Table.Td>
              <Table.Td>
                <NativeSelect
                  size="xs"
                  aria-label={t("settings.emailOf", { kind: t(`kind.${kind}`) })}
                  data={EMAILS.map((value) => ({ value, label: t(`email.${value}`) }))}
                  value={email}
                  onChange={(event) =>
                    form.setFieldValue(`kinds.${index}.email`, event.currentTarget.value as Channels["email"])
                  }
                />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <NativeSelect
        label={t("settings.digestHour")}
        description={t("settings.digestText")}
        maw={260}
        data={HOURS.map((hour) => ({ value: String(hour), label: `${String(hour).padStart(2, "0")}:00` }))}
        value={String(digestHour)}
        onChange={(event) => form.setFieldValue("digestHour", Number(event.currentTarget.value))}
      />
    </SettingsForm>
  );
}
