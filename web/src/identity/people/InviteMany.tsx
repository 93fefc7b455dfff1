import { Button, Group, List, Modal, NativeSelect, Stack, Text, Textarea } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { keys } from "../../api/queries";
import type { User } from "../../api/types";
import { LANGUAGES } from "../../app/i18n";
import { ActDialog } from "../../kit/ActDialog";
import { CopyField } from "../../kit/CopyField";
import { errorText } from "../../kit/errors";
import { readAddresses } from "./addresses";
import { addUser, type Invited } from "./calls";
import { GroupsOf, ROLES } from "./UserDialog";

type Outcome = { email: string; user?: User; error?: unknown };
type Values = Pick<Invited, "role" | "language" | "groups"> & { addresses: string };

/** Invites everybody whose address is pasted, and says of each what became of it. */
export function InviteMany({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(["people", "errors"]);
  const client = useQueryClient();
  const [outcomes, setOutcomes] = useState<Outcome[]>();
  const form = useForm<Values>({
    initialValues: { addresses: "", role: "USER", language: "", groups: [] },
    validate: {
      addresses: (pasted) => {
        const { invitees, wrong } = readAddresses(pasted);
        if (wrong.length > 0) return t("many.wrong", { addresses: wrong.join(", ") });
        return invitees.length > 0 ? null : t("errors:required");
      },
    },
  });
  /** One after another: groups are changed for each of them. */
  const invite = async ({ addresses, ...rest }: Values) => {
    const made: Outcome[] = [];
    for (const invitee of readAddresses(addresses).invitees)
      made.push(
        await addUser({ ...invitee, ...rest, jobTitle: "" }).then(
          (user) => ({ email: invitee.email, user }),
          (error: unknown) => ({ email: invitee.email, error }),
        ),
      );
    return made;
  };
  if (outcomes) return <Outcomes outcomes={outcomes} onClose={onClose} />;
  return (
    <ActDialog
      title={t("many.title")}
      text={t("many.text")}
      action={t("invite")}
      form={form}
      run={invite}
      onDone={(made) => {
        setOutcomes(made);
        void client.invalidateQueries({ queryKey: keys.lists("users") });
      }}
      onClose={onClose}
    >
      <Textarea
        label={t("many.addresses")}
        description={t("many.hint")}
        required
        data-autofocus
        autosize
        minRows={4}
        maxRows={12}
        {...form.getInputProps("addresses")}
      />
      <NativeSelect
        label={t("field.role")}
        description={t(`roleText.${form.getValues().role}`)}
        data={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))}
        {...form.getInputProps("role")}
      />
      <NativeSelect
        label={t("field.language")}
        data={[{ value: "", label: t("portalLanguage") }, ...LANGUAGES]}
        {...form.getInputProps("language")}
      />
      <GroupsOf value={form.getValues().groups} onChange={(groups) => form.setFieldValue("groups", groups)} />
    </ActDialog>
  );
}

function Outcomes({ outcomes, onClose }: { outcomes: Outcome[]; onClose: () => void }) {
  const { t } = useTranslation(["people", "kit"]);
  const invited = outcomes.filter(({ user }) => user);
  const refused = outcomes.filter(({ error }) => error);
  return (
    <Modal opened onClose={onClose} title={t("many.title")} size="lg" closeOnClickOutside={false}>
      <Stack>
        <Text size="sm" role="status">
          {t("many.result", { invited: invited.length, refused: refused.length })}
        </Text>
        {refused.length > 0 && (
          <List size="sm">
            {refused.map(({ email, error }) => (
              <List.Item key={email} className="anywhere">
                {email}: {errorText(error)}
              </List.Item>
            ))}
          </List>
        )}
        {invited.length > 0 && <Text size="sm">{t("many.links")}</Text>}
        {invited.map(({ email, user }) => (
          <CopyField key={email} label={email} value={new URL(user?.invitationLink ?? "", location.origin).href} />
        ))}
        <Group justify="flex-end">
          <Button onClick={onClose} data-autofocus>
            {t("kit:close")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
