import { MultiSelect, NativeSelect, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { listOf, me } from "../../api/queries";
import type { Role, User } from "../../api/types";
import { LANGUAGES } from "../../app/i18n";
import { ActDialog } from "../../kit/ActDialog";
import { isEmail } from "../../kit/email";
import { changedFields } from "../../kit/merge";
import { addUser, changeUser, type Invited, type UserFields } from "./calls";

export const ROLES = ["USER", "CRM_ADMIN", "PORTAL_ADMIN"] as const satisfies Role[];
const FIELDS: (keyof UserFields)[] = ["displayName", "email", "jobTitle", "role"];

type Props = { user?: User; onDone: (user: User) => void; onClose: () => void };

/** Invites somebody, or changes who is here already. */
export function UserDialog({ user, onDone, onClose }: Props) {
  const { t } = useTranslation(["people", "errors"]);
  const { data: self } = useQuery(me);
  const { displayName = "", email = "", jobTitle = "", role = "USER" } = user ?? {};
  const before: UserFields = { displayName, email, jobTitle, role };
  const form = useForm<Invited>({
    initialValues: { ...before, language: "", groups: [] },
    validate: {
      displayName: (value) => (value.trim() ? null : t("errors:required")),
      email: (value) => (isEmail(value) ? null : t(value.trim() ? "errors:email" : "errors:required")),
    },
  });
  const save = (values: Invited) => {
    if (!user) return addUser(values);
    const changed = changedFields(before, values, FIELDS);
    return changeUser(user, Object.fromEntries(changed.map((field) => [field, values[field]])));
  };
  const ownersOwn = user?.role === "OWNER" && self?.name !== user.name;
  return (
    <ActDialog
      title={user ? t("editing", { name: user.displayName }) : t("inviting")}
      text={user ? undefined : t("invitingText")}
      action={user ? t("save") : t("invite")}
      form={form}
      run={save}
      onDone={onDone}
      onClose={onClose}
    >
      <TextInput label={t("field.displayName")} required data-autofocus {...form.getInputProps("displayName")} />
      <TextInput
        label={t("field.email")}
        type="email"
        required
        disabled={ownersOwn}
        autoComplete="off"
        {...form.getInputProps("email")}
      />
      <TextInput label={t("field.jobTitle")} {...form.getInputProps("jobTitle")} />
      {role !== "OWNER" && (
        <NativeSelect
          label={t("field.role")}
          description={t(`roleText.${form.getValues().role}`)}
          data={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))}
          {...form.getInputProps("role")}
        />
      )}
      {!user && (
        <>
          <NativeSelect
            label={t("field.language")}
            data={[{ value: "", label: t("portalLanguage") }, ...LANGUAGES]}
            {...form.getInputProps("language")}
          />
          <GroupsOf value={form.getValues().groups} onChange={(groups) => form.setFieldValue("groups", groups)} />
        </>
      )}
    </ActDialog>
  );
}

/** The groups that somebody is in from the beginning. */
export function GroupsOf({ value, onChange }: { value: string[]; onChange: (groups: string[]) => void }) {
  const { t } = useTranslation(["people", "kit"]);
  const groups = useQuery(listOf("groups", { pageSize: 200 })).data?.records ?? [];
  if (groups.length === 0) return null;
  return (
    <MultiSelect
      label={t("field.groups")}
      searchable
      data={groups.map(({ name, title }) => ({ value: name, label: title }))}
      nothingFoundMessage={t("kit:nothingFound")}
      {...{ value, onChange }}
    />
  );
}
