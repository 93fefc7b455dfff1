import { Checkbox } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useRef } from "react";
import { useTranslation } from "react-i18next";

import type { User } from "../../api/types";
import { ActDialog } from "../../kit/ActDialog";
import { OnePersonPicker } from "../../kit/OnePersonPicker";
import { changeUser, handOver } from "./calls";

type Props = { user: User; disabling: boolean; onDone: (user: User) => void; onClose: () => void };

/** Asks who takes over what somebody is responsible for; when disabling somebody, that may be left out. */
export function HandOverDialog({ user, disabling, onDone, onClose }: Props) {
  const { t } = useTranslation("people");
  const name = user.displayName;
  const latest = useRef(user);
  const form = useForm({
    initialValues: { to: "", keep: false },
    validate: { to: (to, { keep }) => (to || keep ? null : t("handOver.missing")) },
  });
  const { keep } = form.getValues();
  const run = async ({ to, keep }: { to: string; keep: boolean }) => {
    // First of all the door is closed: what goes wrong after that leaves nobody inside, and is tried again alone.
    if (disabling && latest.current.state !== "DISABLED")
      latest.current = await changeUser(latest.current, { state: "DISABLED" });
    if (!keep) await handOver(user, to);
    return latest.current;
  };
  return (
    <ActDialog
      title={t(disabling ? "disable.title" : "handOver.title", { name })}
      text={t(disabling ? "disable.text" : "handOver.text", { name })}
      action={t(disabling ? "disable.action" : "handOver.action")}
      danger={disabling}
      form={form}
      run={run}
      onDone={onDone}
      onClose={onClose}
    >
      {!keep && (
        <OnePersonPicker
          label={t("handOver.to")}
          except={user.name}
          value={form.getValues().to}
          error={form.errors.to}
          onChange={(to) => form.setFieldValue("to", to)}
        />
      )}
      {disabling && <Checkbox label={t("disable.keep")} {...form.getInputProps("keep", { type: "checkbox" })} />}
    </ActDialog>
  );
}
