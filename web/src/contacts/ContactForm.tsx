import { Skeleton } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch, type NavigateOptions } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { idOf } from "../api/client";
import { contactNamed, keys, me } from "../api/queries";
import type { Contact, Kind, User } from "../api/types";
import { PageUnavailable } from "../kit/EmptyState";
import { FormPage } from "../kit/FormPage";
import { useRecordForm } from "../kit/recordForm";
import { tell, tellError } from "../kit/toasts";
import { createContact, updateContact, uploadPhoto } from "./calls";
import { ContactFields } from "./ContactFields";
import { PendingPhoto } from "./ContactPhoto";
import { useDuplicates } from "./DuplicateHint";
import { ReadOnly } from "./ReadOnly";
import { looksAfter, mayChange } from "./rights";
import { useShownValue } from "./shown";
import { useSpreadQuestion } from "./spread";
import { blank, bodyOf, FIELDS, tidy, validate, valuesOf, type ContactValues } from "./values";

/** The page where a person or a company is added. */
export function NewContact() {
  const { kind, company } = useSearch({ from: "/frame/contacts/new" });
  const { data: user } = useQuery(me);
  if (!user) return null;
  // The kind and the company are part of the form's identity: another of them is another form.
  return <Form key={`${kind}${company ?? ""}`} kind={kind} company={company && `contacts/${company}`} me={user} />;
}

/** The page where a contact is changed. */
export function EditContact() {
  const { id } = useParams({ from: "/frame/contacts/$id/edit" });
  const { data: user } = useQuery(me);
  const { data: contact, error, refetch } = useQuery(contactNamed(`contacts/${id}`));
  if (contact && user && !mayChange(contact, user)) return <ReadOnly contact={contact} />;
  if (contact && user) return <Form key={id} kind={contact.kind} record={contact} lookError={error} me={user} />;
  if (error) return <PageUnavailable error={error} onRetry={() => void refetch()} />;
  return <Skeleton height={420} m="lg" maw={820} />;
}

type Props = { kind: Kind; company?: string; record?: Contact; lookError?: Error | null; me: User };

function Form({ kind, company, record, lookError, me }: Props) {
  const { t } = useTranslation(["contacts", "kit"]);
  const navigate = useNavigate();
  const client = useQueryClient();
  const maySay = !record || looksAfter(record, me);
  const [question, askToSpread] = useSpreadQuestion();
  const [picture, setPicture] = usePicture();
  const [notify, setNotify] = useState(true);
  const form = useRecordForm<Contact, ContactValues>({
    draftKey: record ? record.name : `contacts/new/${kind}${company ? `/${company}` : ""}`,
    record,
    lookError,
    blank: blank(kind, me.name, company),
    fields: FIELDS,
    ...{ valuesOf, tidy },
    validate: (values) => validate(values, maySay),
    create: (values, submission) => createContact(bodyOf(values), submission, notify),
    update: async (from, values, changed) => {
      const applyToRelated = await askToSpread(from, values);
      const fields = Object.fromEntries(changed.map((field) => [field, values[field]]));
      // The company that is to be found or made stands in place of the one before.
      if (values.newCompany) delete fields.company;
      return updateContact(from, fields, { notify, applyToRelated });
    },
    fetchLatest: (name) => client.fetchQuery({ ...contactNamed(name), staleTime: 0 }),
    onSaved: (saved, another) => {
      if (picture) {
        void uploadPhoto(saved, picture.blob).then((pictured) => {
          client.setQueryData(keys.one(pictured.name), pictured);
          void client.invalidateQueries({ queryKey: keys.lists("contacts") });
        }, tellError);
        setPicture(undefined);
      }
      tell(t(record ? "changed" : "added", { name: saved.displayName }));
      if (!another) void navigate(pageOf(saved));
      else document.querySelector<HTMLElement>("form input")?.focus();
    },
  });
  const duplicates = useDuplicates(form.form.getValues(), !record);
  const show = useShownValue();
  return (
    <FormPage
      title={record ? t(`editing.${kind}`, { name: record.displayName }) : t(`new.${kind}`)}
      record={form}
      save={record ? t("kit:form.saveChanges") : t("kit:form.save")}
      another={record ? undefined : t(`saveAndNew.${kind}`)}
      onCancel={() => void navigate(record ? pageOf(record) : { to: "/contacts", search: { kind } })}
      list="/contacts"
      labelOf={(field) => t(`field.${field as Exclude<keyof ContactValues, "kind">}`)}
      show={show}
    >
      {question}
      <ContactFields
        form={form.form}
        photo={
          <PendingPhoto
            kind={kind}
            contact={record}
            chosen={picture?.source}
            onChosen={(blob) => setPicture(blob)}
            onRemove={() => setPicture(undefined)}
          />
        }
        duplicates={duplicates}
        me={me.name}
        maySay={maySay}
        companyTitle={record?.companyDisplayName}
        managersBefore={record?.managers}
        notify={notify}
        onNotify={setNotify}
      />
    </FormPage>
  );
}

/** A photo that was chosen before there is a contact to have it. */
function usePicture() {
  const [picture, setPicture] = useState<{ blob: Blob; source: string }>();
  useEffect(() => () => URL.revokeObjectURL(picture?.source ?? ""), [picture]);
  const choose = (blob: Blob | undefined) => setPicture(blob && { blob, source: URL.createObjectURL(blob) });
  return [picture, choose] as const;
}

function pageOf(contact: Contact): NavigateOptions {
  return { to: "/contacts/$id", params: { id: idOf(contact.name) } };
}
