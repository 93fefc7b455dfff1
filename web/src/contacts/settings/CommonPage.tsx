import { useTranslation } from "react-i18next";

import { SettingsPage } from "../../kit/SettingsPage";
import { ExportOfEverything } from "../Exports";
import { PhoneSection } from "./SettingsOfContacts";

/** What is common to the whole CRM. */
export function CommonPage() {
  const { t } = useTranslation("contactSettings");
  return (
    <SettingsPage title={t("common.title")}>
      <ExportOfEverything />
      <PhoneSection />
    </SettingsPage>
  );
}
