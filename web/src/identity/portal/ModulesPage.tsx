import { Group, Switch, Text } from "@mantine/core";
import { IconAddressBook } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { keys, portalSettings } from "../../api/queries";
import type { PortalSettings } from "../../api/types";
import { ActDialog } from "../../kit/ActDialog";
import { Section } from "../../kit/RecordPage";
import { Loaded, SettingsPage } from "../../kit/SettingsPage";
import { tell, tellError } from "../../kit/toasts";
import { changePortal } from "./calls";

/** Which modules are switched on. */
export function ModulesPage() {
  const { t } = useTranslation("portal");
  return (
    <SettingsPage title={t("modules.title")} lead={t("modules.lead")}>
      <Loaded query={useQuery(portalSettings)}>{(settings) => <Crm settings={settings} />}</Loaded>
    </SettingsPage>
  );
}

function Crm({ settings }: { settings: PortalSettings }) {
  const { t } = useTranslation("portal");
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const turn = (crmEnabled: boolean) => changePortal({ crmEnabled, etag: settings.etag });
  const know = (saved: PortalSettings) => {
    client.setQueryData(portalSettings.queryKey, saved);
    void client.invalidateQueries({ queryKey: keys.lists("users") });
    setAsking(false);
    tell(t(saved.crmEnabled ? "modules.on" : "modules.off"));
  };
  const turnOn = useMutation({
    mutationFn: () => turn(true),
    onSuccess: know,
    onError: (error) => {
      tellError(error);
      void client.invalidateQueries({ queryKey: portalSettings.queryKey });
    },
  });
  return (
    <Section title={t("modules.modules")}>
      <Group justify="space-between" wrap="nowrap">
        <Group wrap="nowrap" gap="sm">
          <IconAddressBook size={24} stroke={1.5} aria-hidden />
          <div>
            <Text fw={500}>CRM</Text>
            <Text size="sm" className="quiet">
              {t("modules.crm")}
            </Text>
          </div>
        </Group>
        <Switch
          aria-label="CRM"
          size="md"
          checked={settings.crmEnabled}
          onChange={(event) => (event.currentTarget.checked ? turnOn.mutate() : setAsking(true))}
        />
      </Group>
      {asking && (
        <ActDialog
          title={t("modules.offTitle")}
          text={t("modules.offText")}
          action={t("modules.offAction")}
          danger
          run={() => turn(false)}
          onDone={know}
          onClose={() => setAsking(false)}
        />
      )}
    </Section>
  );
}
