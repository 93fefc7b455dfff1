import { NativeSelect, SegmentedControl, TextInput, Input } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { me } from "../../api/queries";
import type { User } from "../../api/types";
import { THEMES, useTheme, type Theme } from "../../app/appearance";
import { LANGUAGES, type Language } from "../../app/i18n";
import { changeMe, chooseLanguage, knowMe } from "../../app/session";
import { UserPhoto } from "../../kit/Person";
import { PictureInput } from "../../kit/PictureInput";
import { Section } from "../../kit/RecordPage";
import { Loaded, SettingsForm } from "../../kit/SettingsPage";
import { TimeZoneSelect } from "../../kit/TimeZoneSelect";
import { tell, tellError } from "../../kit/toasts";
import { removePhoto, uploadPhoto } from "../pictures";

/** Who one is, and how one likes to work. */
export function ProfilePage() {
  const { t } = useTranslation("profile");
  return (
    <Loaded query={useQuery(me)}>
      {(user) => (
        <>
          <Section title={t("section.photo")}>
            <PictureInput
              picture={<UserPhoto user={user} size={64} />}
              present={user.photo !== ""}
              upload={(file) => uploadPhoto("users/me", file).then(knowMe)}
              remove={() => removePhoto("users/me").then(knowMe)}
            />
          </Section>
          <Section title={t("section.person")}>
            <PersonForm user={user} />
          </Section>
          <Section title={t("section.appearance")}>
            <Appearance />
          </Section>
        </>
      )}
    </Loaded>
  );
}

function PersonForm({ user }: { user: User }) {
  const { t } = useTranslation(["profile", "kit", "errors"]);
  const { displayName, jobTitle, timeZone } = user;
  const form = useForm({
    initialValues: { displayName, jobTitle, timeZone },
    validate: { displayName: (value) => (value.trim() ? null : t("errors:required")) },
  });
  return (
    <SettingsForm form={form} run={changeMe} onDone={() => tell(t("kit:form.saved"))}>
      <TextInput label={t("field.displayName")} autoComplete="name" required {...form.getInputProps("displayName")} />
      <TextInput label={t("field.email")} description={t("emailHint")} value={user.email} readOnly />
      <TextInput label={t("field.jobTitle")} autoComplete="organization-title" {...form.getInputProps("jobTitle")} />
      <TimeZoneSelect label={t("field.timeZone")} description={t("timeZoneHint")} {...form.getInputProps("timeZone")} />
    </SettingsForm>
  );
}

/** Language and colours: they change at once, there is nothing to save. */
function Appearance() {
  const { t, i18n } = useTranslation(["profile", "frame"]);
  const { theme, chooseTheme } = useTheme();
  return (
    <>
      <NativeSelect
        label={t("field.language")}
        maw={260}
        mb="md"
        data={LANGUAGES}
        value={i18n.language}
        onChange={(event) => void chooseLanguage(event.currentTarget.value as Language).catch(tellError)}
      />
      <Input.Wrapper label={t("field.theme")} labelElement="div">
        <div>
          <SegmentedControl
            aria-label={t("field.theme")}
            data={THEMES.map((value) => ({ value, label: t(`frame:theme.${value}`) }))}
            value={theme}
            onChange={(value) => void chooseTheme(value as Theme).catch(tellError)}
          />
        </div>
      </Input.Wrapper>
    </>
  );
}
