import { Checkbox, Group, NativeSelect, SimpleGrid, Stack, Text, Textarea, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { submissionKeys } from "../api/client";
import { ContactPicker } from "../kit/ContactPicker";
import { Fact, Facts } from "../kit/Facts";
import { PeoplePicker } from "../kit/PeoplePicker";
import { Principals } from "../kit/Person";
import { createContact } from "./calls";
import { AddressRows } from "./AddressRows";
import { SharingBadge } from "./ContactDetails";
import { EmailRows, PhoneRows } from "./ReachRows";
import { type ContactValues } from "./values";

export type ContactFormApi = UseFormReturnType<ContactValues>;

type Telling = { managersBefore?: string[]; notify: boolean; onNotify: (notify: boolean) => void };
type Props = Telling & { form: ContactFormApi; me: string; maySay: boolean; companyTitle?: string };

/** The fields of a contact, in the guide's order. */
export function ContactFields({ form, me, maySay, companyTitle, ...telling }: Props) {
  const { t } = useTranslation("contacts");
  const { kind } = form.getValues();
  return (
    <Stack>
      {kind === "PERSON" ? (
        <PersonNames form={form} companyTitle={companyTitle} />
      ) : (
        <TextInput label={t("field.companyName")} required data-autofocus {...form.getInputProps("companyName")} />
      )}
      <EmailRows form={form} />
      <PhoneRows form={form} />
      <AddressRows form={form} />
      <Textarea
        label={t("field.description")}
        autosize
        minRows={3}
        maxRows={14}
        {...form.getInputProps("description")}
      />
      {maySay ? (
        <>
          <Managers form={form} me={me} {...telling} />
          <Access form={form} />
        </>
      ) : (
        <FixedAccess form={form} />
      )}
    </Stack>
  );
}

function PersonNames({ form, companyTitle }: { form: ContactFormApi; companyTitle?: string }) {
  const { t } = useTranslation("contacts");
  const { company, managers, sharing } = form.getValues();
  const [title, setTitle] = useState({ name: company, title: companyTitle });
  const [submissionKey] = useState(submissionKeys);
  // A company made on the way belongs to the same people as the person.
  const makeCompany = (companyName: string) => {
    const body = { kind: "COMPANY" as const, companyName, managers, sharing };
    return createContact(body, submissionKey(body));
  };
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput label={t("field.firstName")} required data-autofocus {...form.getInputProps("firstName")} />
        <TextInput label={t("field.lastName")} required {...form.getInputProps("lastName")} />
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <ContactPicker
          label={t("field.company")}
          kind="COMPANY"
          value={company}
          title={company && title.name === company ? title.title || undefined : undefined}
          error={form.errors.company}
          onChange={(name, chosen) => {
            setTitle({ name, title: chosen?.displayName });
            form.setFieldValue("company", name);
          }}
          onCreate={makeCompany}
        />
        <TextInput label={t("field.jobTitle")} {...form.getInputProps("jobTitle")} />
      </SimpleGrid>
    </>
  );
}

function Managers({ form, me, managersBefore = [], notify, onNotify }: Telling & { form: ContactFormApi; me: string }) {
  const { t } = useTranslation("contacts");
  const { managers, sharing } = form.getValues();
  const given = managers.some((name) => name !== me && !managersBefore.includes(name));
  const losing = !managers.includes(me) && sharing !== "READ_WRITE";
  return (
    <div>
      <PeoplePicker
        groups
        crmOnly
        label={t("field.managers")}
        value={managers}
        onChange={(names) => form.setFieldValue("managers", names)}
        error={form.errors.managers}
      />
      <Text size="sm" role="status" mt={4} className="quiet">
        {losing && t("withoutMe")}
      </Text>
      {given && (
        <Checkbox
          mt={4}
          label={t("notify")}
          checked={notify}
          onChange={(event) => onNotify(event.currentTarget.checked)}
        />
      )}
    </div>
  );
}

/** What somebody who is no manager of the contact may only read. */
function FixedAccess({ form }: { form: ContactFormApi }) {
  const { t } = useTranslation("contacts");
  const { managers, sharing } = form.getValues();
  return (
    <div>
      <Facts>
        <Fact label={t("field.managers")}>
          <Principals names={managers} />
        </Fact>
        <Fact label={t("field.sharing")}>
          <SharingBadge sharing={sharing} />
        </Fact>
      </Facts>
      <Text size="sm" mt={4} className="quiet">
        {t("onlyManagers")}
      </Text>
    </div>
  );
}

/** Who else may see or change the contact: nobody, or everybody for reading, or for writing too. */
function Access({ form }: { form: ContactFormApi }) {
  const { t } = useTranslation("contacts");
  const { kind, sharing } = form.getValues();
  const shared = sharing !== "PRIVATE";
  return (
    <Group>
      <Checkbox
        label={t(`allow.${kind}`)}
        checked={shared}
        onChange={(event) => form.setFieldValue("sharing", event.currentTarget.checked ? "READ" : "PRIVATE")}
      />
      {shared && (
        <NativeSelect
          aria-label={t("field.sharing")}
          data={[
            { value: "READ", label: t("allowFor.READ") },
            { value: "READ_WRITE", label: t("allowFor.READ_WRITE") },
          ]}
          value={sharing}
          onChange={(event) =>
            form.setFieldValue("sharing", event.currentTarget.value === "READ_WRITE" ? "READ_WRITE" : "READ")
          }
        />
      )}
    </Group>
  );
}
