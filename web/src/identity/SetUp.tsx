import { Button, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useSuspenseQuery } from "@tanstack/react-query";
import { Navigate, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { answer, api } from "../api/client";
import { ApiError } from "../api/errors";
import { portal } from "../api/queries";
import type { User } from "../api/types";
import { languageNow } from "../app/i18n";
import { signedIn } from "../app/session";
import { CurrencySelect } from "../kit/CurrencySelect";
import { ErrorBox } from "../kit/ErrorBox";
import { isEmail } from "../kit/email";
import { formErrors } from "../kit/errors";
import { Door } from "./Door";
import { NewPassword, wrongPassword } from "./NewPassword";

type Owner = { displayName: string; email: string; password: string; currency: string };

/** The first page of a new installation: makes its owner. */
export function SetUp() {
  const { t, i18n } = useTranslation(["identity", "errors"]);
  const navigate = useNavigate();
  // Whether it was set up before this page opened; doing so here must not lead to the sign-in page.
  const [alreadySetUp] = useState(useSuspenseQuery(portal).data.setUp);
  const form = useForm<Owner>({
    initialValues: { displayName: "", email: "", password: "", currency: i18n.language === "ru" ? "RUB" : "EUR" },
    validate: {
      displayName: (value) => (value.trim() ? null : t("errors:required")),
      email: (value) => (isEmail(value) ? null : t(value.trim() ? "errors:email" : "errors:required")),
      password: wrongPassword,
    },
  });
  const setUp = useMutation({
    mutationFn: (owner: Owner) => {
      const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
      const body = { ...owner, language: languageNow(), timeZone };
      return answer<{ user: User }>(api.POST("/v1/portal:setUp", { body }));
    },
    onSuccess: ({ user }) => {
      signedIn(user);
      void navigate({ to: "/contacts" });
    },
    onError: (error) => error instanceof ApiError && form.setErrors(formErrors(error)),
  });
  const focusFirst = (errors: object) => form.getInputNode(Object.keys(errors)[0] ?? "")?.focus();
  if (alreadySetUp) return <Navigate to="/sign-in" />;
  return (
    <Door title={t("setUp.title")}>
      <form noValidate onSubmit={form.onSubmit((values) => setUp.mutate(values), focusFirst)}>
        <Stack>
          <Text size="sm" className="quiet">
            {t("setUp.lead")}
          </Text>
          {setUp.isError && <ErrorBox error={setUp.error} marked={Object.keys(form.getValues())} />}
          <TextInput
            label={t("setUp.displayName")}
            autoComplete="name"
            required
            autoFocus
            {...form.getInputProps("displayName")}
          />
          <TextInput
            label={t("email")}
            type="email"
            autoComplete="username"
            required
            {...form.getInputProps("email")}
          />
          <NewPassword {...form.getInputProps("password")} />
          <CurrencySelect label={t("setUp.currency")} {...form.getInputProps("currency")} />
          <Button type="submit" loading={setUp.isPending}>
            {t("setUp.submit")}
          </Button>
        </Stack>
      </form>
    </Door>
  );
}
