import { Anchor, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { answer, api } from "../api/client";
import { isEmail } from "../kit/email";
import { Door } from "./Door";
import { DoorForm } from "./DoorForm";

/** Asks for a link to set a new password. Nobody learns here who has an account. */
export function ForgotPassword() {
  const { t } = useTranslation(["identity", "errors"]);
  const [asked, setAsked] = useState("");
  const form = useForm({
    initialValues: { email: "" },
    validate: { email: (value) => (isEmail(value) ? null : t(value.trim() ? "errors:email" : "errors:required")) },
  });
  return (
    <Door title={t("forgot.title")}>
      <Stack>
        {asked ? (
          <Text size="sm" role="status">
            {t("forgot.sent", { email: asked })}
          </Text>
        ) : (
          <DoorForm
            form={form}
            submitLabel={t("forgot.submit")}
            run={({ email }) => answer(api.POST("/v1/passwordResets", { body: { email } }))}
            onDone={() => setAsked(form.getValues().email)}
          >
            <Text size="sm" className="quiet">
              {t("forgot.lead")}
            </Text>
            <TextInput
              label={t("email")}
              type="email"
              autoComplete="username"
              required
              autoFocus
              {...form.getInputProps("email")}
            />
          </DoorForm>
        )}
        <Anchor component={Link} to="/sign-in" size="sm" ta="center">
          {t("forgot.back")}
        </Anchor>
      </Stack>
    </Door>
  );
}
