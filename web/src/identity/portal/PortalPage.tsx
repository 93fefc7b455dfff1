import { NativeSelect, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { portal, portalSettings } from "../../api/queries";
import type { PortalSettings } from "../../api/types";
import { LANGUAGES } from "../../app/i18n";
import { PortalLogo } from "../../app/PortalLogo";
import { CurrencySelect } from "../../kit/CurrencySelect";
import { setDayFormat } from "../../kit/days";
import { PictureInput } from "../../kit/PictureInput";
import { Section } from "../../kit/RecordPage";
import { useSettingsForm } from "../../kit/settingsForm";
import { Loaded, SettingsForm, SettingsPage } from "../../kit/SettingsPage";
import { TimeZoneSelect } from "../../kit/TimeZoneSelect";
import { removeLogo, uploadLogo } from "../pictures";
import { changePortal } from "./calls";

const WEEK = ["MONDAY", "SATURDAY", "SUNDAY"] as const;
const FORMATS = ["", "dd.MM.yyyy", "MM/dd/yyyy", "yyyy-MM-dd"] as const;

/** What the portal is called and how it writes things. */
export function PortalPage() {
  const { t } = useTranslation("portal");
  return (
    <SettingsPage title={t("title")} lead={t("lead")}>
      <Loaded query={useQuery(portalSettings)}>
        {(settings) => (
          <>
            <PortalForm settings={settings} />
            <LogoSection settings={settings} />
          </>
        )}
      </Loaded>
    </SettingsPage>
  );
}

/** Everything that shows the portal asks anew. */
function useKnowPortal() {
  const client = useQueryClient();
  return (settings: PortalSettings) => {
    setDayFormat(settings.dateFormat);
    client.setQueryData(portalSettings.queryKey, settings);
    void client.invalidateQueries({ queryKey: portal.queryKey });
  };
}

function PortalForm({ settings }: { settings: PortalSettings }) {
  const { t } = useTranslation("portal");
  const call = useSettingsForm({
    queryKey: portalSettings.queryKey,
    settings,
    valuesOf: ({ title, language, timeZone, firstDayOfWeek, dateFormat, currencyCode }: PortalSettings) => ({
      ...{ title, language, timeZone, firstDayOfWeek, dateFormat, currencyCode },
    }),
    update: changePortal,
    onSaved: useKnowPortal(),
  });
  const { form } = call;
  return (
    <Section title={t("general")}>
      <SettingsForm {...call}>
        <TextInput label={t("field.title")} {...form.getInputProps("title")} />
        <NativeSelect
          label={t("field.language")}
          description={t("hint.language")}
          data={LANGUAGES}
          {...form.getInputProps("language")}
        />
        <TimeZoneSelect
          label={t("field.timeZone")}
          description={t("hint.timeZone")}
          {...form.getInputProps("timeZone")}
        />
        <NativeSelect
          label={t("field.firstDayOfWeek")}
          data={WEEK.map((value) => ({ value, label: t(`day.${value}`) }))}
          {...form.getInputProps("firstDayOfWeek")}
        />
        <NativeSelect
          label={t("field.dateFormat")}
          data={FORMATS.map((value) => ({ value, label: t(`format.${value || "dd/MM/yyyy"}`) }))}
          {...form.getInputProps("dateFormat")}
        />
        <CurrencySelect label={t("field.currencyCode")} {...form.getInputProps("currencyCode")} />
      </SettingsForm>
    </Section>
  );
}

function LogoSection({ settings }: { settings: PortalSettings }) {
  const { t } = useTranslation("portal");
  const know = useKnowPortal();
  return (
    <Section title={t("logo")}>
      <PictureInput
        picture={<PortalLogo size={48} />}
        present={settings.logo !== ""}
        upload={(file) => uploadLogo(file).then(know)}
        remove={() => removeLogo().then(know)}
      />
    </Section>
  );
}
