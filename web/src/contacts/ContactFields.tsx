import { Checkbox, Group, NativeSelect, Select, SimpleGrid, Stack, Text, Textarea, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { dictionary } from "../api/queries";
import type { DuplicateMatch } from "../api/types";
import { LANGUAGES } from "../app/i18n";
import { ContactPicker } from "../kit/ContactPicker";
import { CurrencySelect } from "../kit/CurrencySelect";
import { CustomFields } from "../kit/CustomFields";
import { Fact, Facts } from "../kit/Facts";
import { PeoplePicker } from "../kit/PeoplePicker";
import { Principals } from "../kit/Person";
import { TagInput } from "../kit/TagInput";
import { AddressRows } from "./AddressRows";
import { SharingBadge } from "./ContactDetails";
import { DuplicateHint } from "./DuplicateHint";
import { EmailRows, PhoneRows, SocialRows, WebsiteRows } from "./ReachRows";
import { Dot } from "./Titled";
import { type ContactValues } from "./values";

export type ContactFormApi = UseFormReturnType<ContactValues>;

type Telling = { managersBefore?: string[]; notify: boolean; onNotify: (notify: boolean) => void };
type Props = Telling & {
  form: ContactFormApi;
  /** Who may be the same. */
  duplicates: DuplicateMatch[];
  me: string;
  maySay: boolean;
  companyTitle?: string;
  photo?: ReactNode;
};

/** The fields of a contact, in the guide's order. */
export function ContactFields({ form, duplicates, me, maySay, companyTitle, photo, ...telling }: Props) {
  const { t } = useTranslation("contacts");
  const { kind, currency, tags } = form.getValues();
  return (
    <Stack>
      {photo}
      <Choice form={form} field="type" collection="contactTypes" />
      {kind === "PERSON" ? (
        <>
          <DuplicateHint matches={duplicates} reason="NAME">
            <PersonNames form={form} />
          </DuplicateHint>
          <Work form={form} companyTitle={companyTitle} />
        </>
      ) : (
        <DuplicateHint matches={duplicates} reason="NAME">
          <TextInput label={t("field.companyName")} required data-autofocus {...form.getInputProps("companyName")} />
        </DuplicateHint>
      )}
      <DuplicateHint matches={duplicates} reason="EMAIL">
        <EmailRows form={form} />
      </DuplicateHint>
      <DuplicateHint matches={duplicates} reason="PHONE">
        <PhoneRows form={form} />
      </DuplicateHint>
      <WebsiteRows form={form} />
      <SocialRows form={form} />
      <AddressRows form={form} />
      <Textarea
        label={t("field.description")}
        autosize
        minRows={3}
        maxRows={14}
        {...form.getInputProps("description")}
      />
      <OwnFields form={form} />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <Choice form={form} field="temperature" collection="temperatureLevels" />
        <CurrencySelect
          label={t("field.currency")}
          clearable
          placeholder={t("defaultCurrency")}
          error={form.errors.currency}
          value={currency || null}
          onChange={(code) => form.setFieldValue("currency", code ?? "")}
        />
        <NativeSelect
          label={t("field.language")}
          description={t("languageHint")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          data={[{ value: "", label: t("unset") }, ...LANGUAGES]}
          {...form.getInputProps("language")}
        />
      </SimpleGrid>
      <TagInput
        label={t("field.tags")}
        description={t("tagsHint")}
        error={form.errors.tags}
        value={tags}
        onChange={(titles) => form.setFieldValue("tags", titles)}
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

type ChoiceProps = {
  form: ContactFormApi;
  field: "type" | "temperature";
  collection: "contactTypes" | "temperatureLevels";
};

/** One of what administrators decided may be chosen, or nothing. */
function Choice({ form, field, collection }: ChoiceProps) {
  const { t } = useTranslation("contacts");
  const entries = useQuery(dictionary(collection)).data?.records ?? [];
  const value = form.getValues()[field];
  const colorOf = (name: string) => entries.find((entry) => entry.name === name)?.color ?? "";
  return (
    <Select
      label={t(`field.${field}`)}
      placeholder={t("unset")}
      clearable
      searchable={entries.length > 12}
      data={entries.map(({ name, title }) => ({ value: name, label: title }))}
      value={value || null}
      error={form.errors[field]}
      onChange={(name) => form.setFieldValue(field, name ?? "")}
      leftSection={colorOf(value) ? <Dot color={colorOf(value)} /> : undefined}
      renderOption={({ option }) => (
        <Group gap={8}>
          <Dot color={colorOf(option.value)} />
          {option.label}
        </Group>
      )}
    />
  );
}

/** The fields that administrators added for contacts of this kind. */
function OwnFields({ form }: { form: ContactFormApi }) {
  const { kind, custom } = form.getValues();
  const fields = useQuery(dictionary("contactFields")).data?.records ?? [];
  return (
    <CustomFields
      fields={fields.filter(({ appliesTo }) => appliesTo === "CONTACT" || appliesTo === kind)}
      values={custom}
      errors={form.errors}
      onChange={(values) => form.setFieldValue("custom", values)}
    />
  );
}

function PersonNames({ form }: { form: ContactFormApi }) {
  const { t } = useTranslation("contacts");
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }}>
      <TextInput label={t("field.firstName")} required data-autofocus {...form.getInputProps("firstName")} />
      <TextInput label={t("field.lastName")} required {...form.getInputProps("lastName")} />
    </SimpleGrid>
  );
}

/** Where a person works, and as what. */
function Work({ form, companyTitle }: { form: ContactFormApi; companyTitle?: string }) {
  const { t } = useTranslation("contacts");
  const { company, newCompany } = form.getValues();
  const [title, setTitle] = useState({ name: company, title: companyTitle });
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }}>
      <ContactPicker
        label={t("field.company")}
        kind="COMPANY"
        value={company}
        title={newCompany || (company && title.name === company ? title.title || undefined : undefined)}
        description={newCompany && t("newCompany")}
        error={form.errors.company}
        onChange={(name, chosen) => {
          setTitle({ name, title: chosen?.displayName });
          form.setValues({ company: name, newCompany: "" });
        }}
        onCreate={(name) => form.setValues({ company: "", newCompany: name })}
      />
      <TextInput label={t("field.jobTitle")} {...form.getInputProps("jobTitle")} />
    </SimpleGrid>
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
