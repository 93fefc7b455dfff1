import { Alert, Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { answer, api } from "../api/client";
import type { User } from "../api/types";
import { signedIn } from "../app/session";
import { ErrorBox } from "../kit/ErrorBox";
import { Door } from "./Door";

export function SignIn() {
  const { t } = useTranslation(["identity", "errors"]);
  const { from, expired } = useSearch({ from: "/sign-in" });
  const router = useRouter();
  const form = useForm({
    initialValues: { email: "", password: "" },
    validate: {
      email: (value) => (value.trim() ? null : t("errors:required")),
      password: (value) => (value ? null : t("errors:required")),
    },
  });
  const enter = useMutation({
    mutationFn: (body: { email: string; password: string }) =>
      answer<{ user: User }>(api.POST("/v1/sessions", { body })),
    onSuccess: ({ user }) => {
      signedIn(user);
      // Only a path of ours: `from` is part of an address that anybody may have written.
      router.history.push(from?.startsWith("/") && !from.startsWith("//") ? from : "/contacts");
    },
  });
  const focusFirst = (errors: object) => form.getInputNode(Object.keys(errors)[0] ?? "")?.focus();
  return (
    <Door title={t("signIn.title")}>
      <form noValidate onSubmit={form.onSubmit((values) => enter.mutate(values), focusFirst)}>
        <Stack>
          {expired && !enter.isError && <Alert color="ink">{t("signIn.expired")}</Alert>}
          {enter.isError && <ErrorBox error={enter.error} />}
          <TextInput
            label={t("email")}
            type="email"
            autoComplete="username"
            required
            autoFocus
            {...form.getInputProps("email")}
          />
          <PasswordInput
            label={t("password")}
            autoComplete="current-password"
            required
            visibilityToggleButtonProps={{ "aria-label": t("showPassword") }}
            {...form.getInputProps("password")}
          />
          <Button type="submit" loading={enter.isPending}>
            {t("signIn.submit")}
          </Button>
        </Stack>
      </form>
    </Door>
  );
}
