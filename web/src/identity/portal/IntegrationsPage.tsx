import { ActionIcon, Badge, Button, Group, Table, Text } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { answer, api, idOf } from "../../api/client";
import { keys, listOf, portal } from "../../api/queries";
import type { ApiKey } from "../../api/types";
import { ActDialog } from "../../kit/ActDialog";
import { formatTime } from "../../kit/days";
import { Section } from "../../kit/RecordPage";
import { Loaded, SettingsPage } from "../../kit/SettingsPage";
import { tell } from "../../kit/toasts";
import { NewKeyDialog, SecretDialog } from "./NewKeyDialog";

/** What other programs may do here, and by what else one can sign in. */
export function IntegrationsPage() {
  const { t } = useTranslation("portal");
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<ApiKey>();
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: keys.lists("apiKeys") });
  return (
    <SettingsPage title={t("integrations.title")}>
      <Section
        title={t("keys.title")}
        action={
          <Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => setMaking(true)}>
            {t("keys.add")}
          </Button>
        }
      >
        <Text size="sm" mb="sm" className="quiet">
          {t("keys.lead")}
        </Text>
        <Keys onRevoked={refresh} />
      </Section>
      <Oidc />
      {making && (
        <NewKeyDialog
          onClose={() => setMaking(false)}
          onDone={(key) => {
            setMaking(false);
            setMade(key);
            void refresh();
          }}
        />
      )}
      {made && <SecretDialog apiKey={made} onClose={() => setMade(undefined)} />}
    </SettingsPage>
  );
}

function Keys({ onRevoked }: { onRevoked: () => Promise<void> }) {
  const { t } = useTranslation("portal");
  const apiKeys = useQuery(listOf("apiKeys", { pageSize: 200 }));
  const [revoking, setRevoking] = useState<ApiKey>();
  return (
    <Loaded query={apiKeys}>
      {({ records }) => (
        <>
          {records.length === 0 ? (
            <Text size="sm">{t("keys.nothing")}</Text>
          ) : (
            <Table.ScrollContainer minWidth={560} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
              <Table aria-label={t("keys.title")}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t("keys.name")}</Table.Th>
                    <Table.Th>{t("keys.scopes")}</Table.Th>
                    <Table.Th>{t("keys.used")}</Table.Th>
                    <Table.Th>{t("keys.expires")}</Table.Th>
                    <Table.Td />
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {records.map((key) => (
                    <KeyRow key={key.name} apiKey={key} onRevoke={() => setRevoking(key)} />
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          )}
          {revoking && (
            <ActDialog
              title={t("keys.revokeTitle", { title: revoking.title })}
              text={t("keys.revokeText")}
              action={t("keys.revoke")}
              danger
              run={() => answer(api.DELETE("/v1/apiKeys/{api_key}", pathTo(revoking)))}
              onDone={() => {
                setRevoking(undefined);
                tell(t("keys.revoked", { title: revoking.title }));
                void onRevoked();
              }}
              onClose={() => setRevoking(undefined)}
            />
          )}
        </>
      )}
    </Loaded>
  );
}

const pathTo = (key: ApiKey) => ({ params: { path: { api_key: idOf(key.name) } } });

function KeyRow({ apiKey, onRevoke }: { apiKey: ApiKey; onRevoke: () => void }) {
  const { t } = useTranslation("portal");
  const { title, scopes, lastUseTime, expireTime } = apiKey;
  const expired = expireTime !== undefined && new Date(expireTime) < new Date();
  return (
    <Table.Tr>
      <Table.Td className="anywhere">{title}</Table.Td>
      <Table.Td>
        {scopes.length === 0
          ? t("keys.everything")
          : scopes.map((scope) => (scope === "calendar" ? t("keys.calendar") : scope)).join(", ")}
      </Table.Td>
      <Table.Td className="numeric">{lastUseTime ? formatTime(lastUseTime) : t("keys.never")}</Table.Td>
      <Table.Td className="numeric">
        <Group gap={6}>
          {expireTime ? formatTime(expireTime) : t("keys.endless")}
          {expired && <Badge color="red">{t("keys.expired")}</Badge>}
        </Group>
      </Table.Td>
      <Table.Td>
        <ActionIcon variant="subtle" color="gray" aria-label={t("keys.revokeOne", { title })} onClick={onRevoke}>
          <IconTrash size={17} />
        </ActionIcon>
      </Table.Td>
    </Table.Tr>
  );
}

/** The other way to sign in, which the operator sets and nobody here can change. */
function Oidc() {
  const { t } = useTranslation("portal");
  const { data } = useQuery(portal);
  return (
    <Section title={t("oidc.title")}>
      <Text size="sm">{data?.oidcTitle ? t("oidc.on", { title: data.oidcTitle }) : t("oidc.off")}</Text>
    </Section>
  );
}
