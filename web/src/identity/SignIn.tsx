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

const CODE_MISSING = "TOTP_REQUIRED";

/** Whether the password was right and only the code of the authenticator is missing. */
const asksForCode = (error: unknown) => error instanceof ApiError && error.reason === CODE_MISSING;

const signInByPassword = (body: Proof) => answer<{ user: User }>(api.POST("/v1/sessions", { body }));

/** The other half of signing in at another provider, which is no resource of the API: its cookie says who it is. */
async function signInByCode({ totp }: Proof) {
  await answer(api.POST("/v1/oidc:callback" as never, { body: { totp } } as never));
  return { user: await answer<User>(api.GET("/v1/users/{user}", { params: { path: { user: "me" } } })) };
}

export function SignIn() {
  const { t } = useTranslation(["identity", "errors"]);
  const { from, note, refused } = useSearch({ from: "/sign-in" });
  const router = useRouter();
  // Another provider has proven who it is, and sent back here for the code.
  const [proven, setProven] = useState(refused === CODE_MISSING);
  const [coded, setCoded] = useState(proven);
  const form = useForm({
    initialValues: { email: "", password: "", totp: "" },
    validate: {
      email: (value) => (proven || value.trim() ? null : t("errors:required")),
      password: (value) => (proven || value ? null : t("errors:required")),
      totp: (value) => (!coded || value.trim() ? null : t("errors:required")),
    },
  });
  const enter = useMutation({
    mutationFn: proven ? signInByCode : signInByPassword,
    onSuccess: ({ user }) => {
      signedIn(user);
      // Only a path of ours: `from` is part of an address that anybody may have written.
      router.history.push(from?.startsWith("/") && !from.startsWith("//") ? from : "/contacts");
    },
    onError: (error) => {
      if (asksForCode(error)) setCoded(true);
    },
  });
  const startAgain = () => {
    setProven(false);
    setCoded(false);
    enter.reset();
  };
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
          {refused && !proven && !enter.isError && (
            <ErrorBox error={new ApiError(403, refused, t("signIn.refused"), "")} />
          )}
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
            <Anchor component="button" type="button" size="sm" ta="center" onClick={startAgain}>
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
