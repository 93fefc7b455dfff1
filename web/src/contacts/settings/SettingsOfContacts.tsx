import { NativeSelect, Radio, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { contactSettings } from "../../api/queries";
import type { ContactSettings } from "../../api/types";
import { Section } from "../../kit/RecordPage";
import { useSettingsForm } from "../../kit/settingsForm";
import { Loaded, SettingsForm } from "../../kit/SettingsPage";
import { changeContactSettings } from "./calls";

const SPREADS = ["ASK", "ALWAYS", "NEVER"] as const;
const REGIONS = "RU BY KZ UA AM AZ GE KG MD TJ TM UZ DE AT CH FR IT ES GB US CN IN TR AE IL LT LV EE PL".split(" ");

/** Whether a new temperature, or new tags, go to those who belong to the contact: asked, always, or never. */
export function SpreadSection({ field }: { field: "temperatureToRelated" | "tagsToRelated" }) {
  return <Loaded query={useQuery(contactSettings)}>{(settings) => <SpreadForm {...{ field, settings }} />}</Loaded>;
}

type Props = { settings: ContactSettings };

function SpreadForm({ field, settings }: Props & { field: "temperatureToRelated" | "tagsToRelated" }) {
  const { t } = useTranslation("contactSettings");
  const call = useSettingsForm({
    queryKey: contactSettings.queryKey,
    settings,
    valuesOf: (known: ContactSettings) => ({ [field]: known[field] }) as Pick<ContactSettings, typeof field>,
    update: changeContactSettings,
  });
  return (
    <Section title={t("spread.title")}>
      <SettingsForm {...call}>
        <Radio.Group label={t(`spread.${field}`)} {...call.form.getInputProps(field)}>
          <Stack gap={6} mt={6}>
            {SPREADS.map((value) => (
              <Radio key={value} value={value} label={t(`spread.${value}`)} />
            ))}
          </Stack>
        </Radio.Group>
      </SettingsForm>
    </Section>
  );
}

/** In which country phone numbers are typed without a country code. */
export function PhoneSection() {
  return <Loaded query={useQuery(contactSettings)}>{(settings) => <PhoneForm settings={settings} />}</Loaded>;
}

function PhoneForm({ settings }: Props) {
  const { t, i18n } = useTranslation("contactSettings");
  const call = useSettingsForm({
    queryKey: contactSettings.queryKey,
    settings,
    valuesOf: ({ phoneRegion }: ContactSettings) => ({ phoneRegion }),
    update: changeContactSettings,
  });
  const names = new Intl.DisplayNames(i18n.language, { type: "region" });
  const known = settings.phoneRegion && !REGIONS.includes(settings.phoneRegion) ? [settings.phoneRegion] : [];
  return (
    <Section title={t("phones.title")}>
      <SettingsForm {...call}>
        <NativeSelect
          label={t("phones.region")}
          description={t("phones.hint")}
          data={[
            { value: "", label: t("phones.none") },
            ...[...known, ...REGIONS].map((value) => ({ value, label: names.of(value) ?? value })),
          ]}
          {...call.form.getInputProps("phoneRegion")}
        />
      </SettingsForm>
    </Section>
  );
}
