import type { FormErrors } from "@mantine/form";

import type { Contact, Custom, Email, Kind, Phone, PostalAddress, Sharing, Social, Website } from "../api/types";
import { i18n } from "../app/i18n";
import { tidyCustom } from "../kit/custom";
import { isEmail } from "../kit/email";

/** What the form of a contact holds; named as in the API. */
export type ContactValues = {
  kind: Kind;
  firstName: string;
  lastName: string;
  companyName: string;
  company: string;
  /** Instead of `company`: what a company is called that may not be there yet. */
  newCompany: string;
  jobTitle: string;
  emails: Email[];
  phones: Phone[];
  websites: Website[];
  socials: Social[];
  addresses: PostalAddress[];
  type: string;
  temperature: string;
  currency: string;
  /** In which language it is best written to; empty if nobody said so. */
  language: "" | "en" | "ru";
  tags: string[];
  custom: Custom;
  description: string;
  managers: string[];
  sharing: Sharing;
};

/** In the order of the form. */
export const FIELDS: (keyof ContactValues)[] = [
  "firstName",
  "lastName",
  "companyName",
  "company",
  "newCompany",
  "jobTitle",
  "type",
  "temperature",
  "emails",
  "phones",
  "websites",
  "socials",
  "addresses",
  "custom",
  "currency",
  "language",
  "tags",
  "description",
  "managers",
  "sharing",
];

export const EMAIL: Email = { value: "", category: "WORK", primary: false };
export const PHONE: Phone = { value: "", category: "WORK", primary: false };
export const WEBSITE: Website = { value: "", category: "WORK", primary: false };
export const SOCIAL: Social = { value: "", network: "TELEGRAM", category: "WORK", primary: false };
export const ADDRESS: PostalAddress = {
  street: "",
  city: "",
  state: "",
  postalCode: "",
  country: "",
  category: "WORK",
  primary: false,
};

/** A new contact: private to its managers, of whom its author is the first. */
export function blank(kind: Kind, me: string, company = ""): ContactValues {
  return {
    kind,
    firstName: "",
    lastName: "",
    companyName: "",
    company,
    newCompany: "",
    jobTitle: "",
    type: "",
    temperature: "",
    currency: "",
    language: "",
    tags: [],
    custom: {},
    emails: [{ ...EMAIL, primary: true }],
    phones: [{ ...PHONE, primary: true }],
    websites: [],
    socials: [],
    addresses: [],
    description: "",
    managers: [me],
    sharing: "PRIVATE",
  };
}

export function valuesOf(contact: Contact): ContactValues {
  const { kind, firstName, lastName, companyName, company, jobTitle, description, managers, sharing } = contact;
  const { emails, addresses, websites, socials, type, temperature, currency, language, tags, custom } = contact;
  const phones = contact.phones.map(({ value, category, primary }) => ({ value, category, primary }));
  return {
    ...{ kind, firstName, lastName, companyName, company, jobTitle, description, managers, sharing },
    ...{ emails, phones, addresses, websites, socials, type, temperature, currency, language, tags },
    custom: tidyCustom(custom),
    newCompany: "",
  };
}

const filled = (address: PostalAddress) =>
  [address.street, address.city, address.state, address.postalCode, address.country].some((part) => part.trim());

/** The first of several is primary unless another one is. */
function withPrimary<T extends { primary: boolean }>(items: T[]): T[] {
  if (items.length === 0 || items.some((item) => item.primary)) return items;
  return items.map((item, index) => ({ ...item, primary: index === 0 }));
}

/** Drops rows that were left empty. */
export function tidy(values: ContactValues): ContactValues {
  return {
    ...values,
    emails: withPrimary(values.emails.filter(({ value }) => value.trim())),
    phones: withPrimary(values.phones.filter(({ value }) => value.trim())),
    websites: withPrimary(values.websites.filter(({ value }) => value.trim())),
    socials: withPrimary(values.socials.filter(({ value }) => value.trim())),
    addresses: withPrimary(values.addresses.filter(filled)),
    custom: tidyCustom(values.custom),
  };
}

/** What can be said without asking the API; it has the last word. `maySay`: whether managers may be chosen at all. */
export function validate(values: ContactValues, maySay = true): FormErrors {
  const errors: FormErrors = {};
  const required = values.kind === "PERSON" ? (["firstName", "lastName"] as const) : (["companyName"] as const);
  for (const field of required) if (!values[field].trim()) errors[field] = i18n.t("errors:required");
  values.emails.forEach(({ value }, index) => {
    if (value.trim() && !isEmail(value)) errors[`emails.${index}.value`] = i18n.t("errors:email");
  });
  values.phones.forEach(({ value }, index) => {
    if (value.trim() && !/\d/.test(value)) errors[`phones.${index}.value`] = i18n.t("errors:phone");
  });
  if (maySay && values.managers.length === 0) errors.managers = i18n.t("contacts:noManager");
  return errors;
}

/** What is sent to make a contact: only the names that its kind has. */
export function bodyOf(values: ContactValues): Partial<ContactValues> & { kind: Kind } {
  const { firstName, lastName, companyName, company, newCompany, jobTitle, ...shared } = values;
  if (values.kind === "COMPANY") return { ...shared, companyName };
  return { ...shared, firstName, lastName, jobTitle, ...(newCompany ? { newCompany } : { company }) };
}
