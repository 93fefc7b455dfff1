import { Alert, Anchor, Button, Divider, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useRouter, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { answer, api } from "../api/client";
import { ApiError } from "../api/errors";
import { portal } from "../api/queries";
import type { User } from "../api/types";
import { signedIn } from "../app/session";
import { ErrorBox } from "../kit/ErrorBox";
import { Door } from "./Door";
import { PresentPassword } from "./NewPassword";

type Proof = { email: string; password: string; totp?: string };

/** Whether the password was right and only the code of the authenticator is missing. */
const asksForCode = (error: unknown) => error instanceof ApiError && error.reason === "TOTP_REQUIRED";

export function SignIn() {
  const { t } = useTranslation(["identity", "errors"]);
  const { from, note, refused } = useSearch({ from: "/sign-in" });
  const router = useRouter();
  const [coded, setCoded] = useState(false);
  const form = useForm({
    initialValues: { email: "", password: "", totp: "" },
    validate: {
      email: (value) => (value.trim() ? null : t("errors:required")),
      password: (value) => (value ? null : t("errors:required")),
      totp: (value) => (!coded || value.trim() ? null : t("errors:required")),
    },
  });
  const enter = useMutation({
    mutationFn: (body: Proof) => answer<{ user: User }>(api.POST("/v1/sessions", { body })),
    onSuccess: ({ user }) => {
      signedIn(user);
      // Only a path of ours: `from` is part of an address that anybody may have written.
      router.history.push(from?.startsWith("/") && !from.startsWith("//") ? from : "/contacts");
    },
    onError: (error) => {
      if (asksForCode(error)) setCoded(true);
    },
  });
  const focusFirst = (errors: object) => form.getInputNode(Object.keys(errors)[0] ?? "")?.focus();
  const submit = form.onSubmit(({ email, password, totp }) => {
    // The code of an authenticator is shown in two halves, and so it is typed.
    enter.mutate({ email, password, ...(coded && { totp: totp.replace(/\s/g, "") }) });
  }, focusFirst);
  return (
    <Door title={coded ? t("totp.title") : t("signIn.title")}>
      <form noValidate onSubmit={submit}>
        <Stack>
          {note && !enter.isError && <Alert color="ink">{t(`signIn.${note}`)}</Alert>}
          {refused && !enter.isError && <ErrorBox error={new ApiError(403, refused, t("signIn.refused"), "")} />}
          {enter.isError && !asksForCode(enter.error) && <ErrorBox error={enter.error} />}
          {coded ? (
            <TextInput
              label={t("totp.code")}
              description={t("totp.hint")}
              autoComplete="one-time-code"
              inputMode="text"
              required
              autoFocus
              {...form.getInputProps("totp")}
            />
          ) : (
            <>
              <TextInput
                label={t("email")}
                type="email"
                autoComplete="username"
                required
                autoFocus
                {...form.getInputProps("email")}
              />
              <PresentPassword {...form.getInputProps("password")} />
            </>
          )}
          <Button type="submit" loading={enter.isPending}>
            {t("signIn.submit")}
          </Button>
          {coded ? (
            <Anchor component="button" type="button" size="sm" ta="center" onClick={() => setCoded(false)}>
              {t("totp.back")}
            </Anchor>
          ) : (
            <>
              <Anchor component={Link} to="/forgot-password" size="sm" ta="center">
                {t("forgot.link")}
              </Anchor>
              <OtherWay />
            </>
          )}
        </Stack>
      </form>
    </Door>
  );
}

/** Signing in by another place that knows us, where the operator has set one. */
function OtherWay() {
  const { t } = useTranslation("identity");
  const title = useQuery(portal).data?.oidcTitle;
  if (!title) return null;
  return (
    <>
      <Divider label={t("signIn.or")} />
      <Button component="a" href="/v1/oidc:start" variant="default">
        {t("signIn.oidc", { title })}
      </Button>
    </>
  );
}
