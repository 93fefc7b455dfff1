import { Alert, Anchor, Checkbox, Radio, Stack } from "@mantine/core";
import { IconAlertTriangle, IconInfoCircle } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { keys, portalSettings } from "../../api/queries";
import type { PortalSettings } from "../../api/types";
import { PeoplePicker } from "../../kit/PeoplePicker";
import { Section } from "../../kit/RecordPage";
import { useSettingsForm } from "../../kit/settingsForm";
import { Loaded, SettingsForm, SettingsPage } from "../../kit/SettingsPage";
import { changePortal } from "./calls";

/** Who may use the CRM. */
export function AccessPage() {
  const { t } = useTranslation("portal");
  return (
    <SettingsPage title={t("access.title")} lead={t("access.lead")}>
      <Loaded query={useQuery(portalSettings)}>
        {(settings) => (
          <>
            {!settings.crmEnabled && (
              <Alert color="yellow" icon={<IconInfoCircle />} mb="md">
                {t("access.off")}{" "}
                <Anchor component={Link} to="/settings/modules" inherit>
                  {t("modules.title")}
                </Anchor>
              </Alert>
            )}
            <Section title="CRM">
              <AccessForm settings={settings} />
            </Section>
          </>
        )}
      </Loaded>
    </SettingsPage>
  );
}

function AccessForm({ settings }: { settings: PortalSettings }) {
  const { t } = useTranslation("portal");
  const client = useQueryClient();
  const [certain, setCertain] = useState(false);
  const empty = ({ crmAccess, crmMembers }: { crmAccess: string; crmMembers: string[] }) =>
    crmAccess === "LISTED" && crmMembers.length === 0;
  const call = useSettingsForm({
    queryKey: portalSettings.queryKey,
    settings,
    valuesOf: ({ crmAccess, crmMembers }: PortalSettings) => ({ crmAccess, crmMembers }),
    validate: (values) => (empty(values) && !certain ? { crmMembers: t("access.emptyError") } : {}),
    update: changePortal,
    // Each of them has access by now, or has none any more.
    onSaved: () => void client.invalidateQueries({ queryKey: keys.lists("users") }),
  });
  const { form } = call;
  return (
    <SettingsForm {...call}>
      <Radio.Group label={t("access.who")} {...form.getInputProps("crmAccess")}>
        <Stack gap="xs" mt="xs">
          <Radio value="EVERYONE" label={t("access.EVERYONE")} />
          <Radio value="LISTED" label={t("access.LISTED")} description={t("access.listedText")} />
        </Stack>
      </Radio.Group>
      {form.getValues().crmAccess === "LISTED" && (
        <PeoplePicker
          groups
          label={t("access.members")}
          value={form.getValues().crmMembers}
          error={form.errors.crmMembers}
          onChange={(names) => form.setFieldValue("crmMembers", names)}
        />
      )}
      {empty(form.getValues()) && (
        <Alert color="yellow" icon={<IconAlertTriangle />} title={t("access.emptyTitle")}>
          {t("access.emptyText")}
          <Checkbox
            mt="xs"
            label={t("access.emptyCertain")}
            checked={certain}
            onChange={(event) => setCertain(event.currentTarget.checked)}
          />
        </Alert>
      )}
    </SettingsForm>
  );
}
