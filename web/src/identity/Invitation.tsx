import { Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { answer, api } from "../api/client";
import type { User } from "../api/types";
import { usePortalTitle } from "../app/PortalLogo";
import { signedIn } from "../app/session";
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
  const accept = (fields: { displayName: string; password: string }) =>
    answer<{ user: User }>(api.POST("/v1/invitations:accept", { body: { token, ...fields } }));
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
