import { Anchor, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { Link, useNavigate, useRouterState } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { answer, api } from "../api/client";
import { DeadLink, useLinkCall } from "./DeadLink";
import { Door } from "./Door";
import { DoorForm } from "./DoorForm";
import { NewPassword, wrongPassword } from "./NewPassword";

/** What stands in a link behind the `#`, where no server gets to see it. */
export function useToken() {
  return useRouterState({ select: ({ location }) => location.hash });
}

/** Sets a new password by a link that works once. */
export function PasswordReset() {
  const { t } = useTranslation("identity");
  const token = useToken();
  const navigate = useNavigate();
  const form = useForm({ initialValues: { password: "" }, validate: { password: wrongPassword } });
  const { dead, call } = useLinkCall(token, ({ password }: { password: string }) =>
    answer(api.POST("/v1/passwordResets:complete", { body: { token, password } })),
  );
  if (dead) return <DeadLink purpose="reset" />;
  return (
    <Door title={t("reset.title")}>
      <Stack>
        <DoorForm
          form={form}
          submitLabel={t("reset.submit")}
          run={call}
          onDone={() => void navigate({ to: "/sign-in", search: { note: "reset" }, replace: true })}
        >
          <Text size="sm" className="quiet">
            {t("reset.lead")}
          </Text>
          <NewPassword label={t("reset.password")} autoFocus {...form.getInputProps("password")} />
        </DoorForm>
        <Anchor component={Link} to="/forgot-password" size="sm" ta="center">
          {t("reset.another")}
        </Anchor>
      </Stack>
    </Door>
  );
}
