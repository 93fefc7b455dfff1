import { Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { answer, api } from "../api/client";
import type { User } from "../api/types";
import { languageIsChosen, languageNow } from "../app/i18n";
import { usePortalTitle } from "../app/PortalLogo";
import { signedIn } from "../app/session";
import { DeadLink, useLinkCall } from "./DeadLink";
import { Door } from "./Door";
import { DoorForm } from "./DoorForm";
import { NewPassword, wrongPassword } from "./NewPassword";
import { useToken } from "./PasswordReset";

/** Joins by an invitation: chooses a password, and is in. */
export function Invitation() {
  const { t } = useTranslation("identity");
  const token = useToken();
  const portal = usePortalTitle();
  const navigate = useNavigate();
  const form = useForm({
    initialValues: { displayName: "", password: "" },
    validate: { password: wrongPassword },
  });
  const { dead, call: accept } = useLinkCall(token, (fields: { displayName: string; password: string }) => {
    // Whoever chose a language here is spoken to in it from now on.
    const language = languageIsChosen() ? languageNow() : undefined;
    return answer<{ user: User }>(api.POST("/v1/invitations:accept", { body: { token, language, ...fields } }));
  });
  if (dead) return <DeadLink purpose="invitation" />;
  return (
    <Door title={t("invitation.title", { portal })}>
      <DoorForm
        form={form}
        submitLabel={t("invitation.submit")}
        run={accept}
        onDone={({ user }) => {
          signedIn(user);
          void navigate({ to: "/contacts", replace: true });
        }}
      >
        <Text size="sm" className="quiet">
          {t("invitation.lead")}
        </Text>
        <NewPassword autoFocus {...form.getInputProps("password")} />
        <TextInput
          label={t("setUp.displayName")}
          description={t("invitation.nameHint")}
          autoComplete="name"
          {...form.getInputProps("displayName")}
        />
      </DoorForm>
    </Door>
  );
}
