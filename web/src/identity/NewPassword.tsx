import { PasswordInput, type PasswordInputProps } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { i18n } from "../app/i18n";

const MINIMUM = 12;

/** What is wrong with a new password, as far as that can be said without asking the API. */
export function wrongPassword(value: string) {
  if (value.length >= MINIMUM) return null;
  return value ? i18n.t("identity:setUp.passwordHint") : i18n.t("errors:required");
}

/** Where a new password is typed. */
export function NewPassword(props: PasswordInputProps) {
  const { t } = useTranslation("identity");
  return (
    <PasswordInput
      label={t("password")}
      // The complaint says the same: once is enough.
      description={props.error === t("setUp.passwordHint") ? undefined : t("setUp.passwordHint")}
      autoComplete="new-password"
      required
      visibilityToggleButtonProps={{ "aria-label": t("showPassword") }}
      {...props}
    />
  );
}

/** Where the present password is typed. */
export function PresentPassword(props: PasswordInputProps) {
  const { t } = useTranslation("identity");
  return (
    <PasswordInput
      label={t("password")}
      autoComplete="current-password"
      required
      visibilityToggleButtonProps={{ "aria-label": t("showPassword") }}
      {...props}
    />
  );
}
