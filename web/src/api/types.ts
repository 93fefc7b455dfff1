import type { components } from "./schema";

type Schemas = components["schemas"];

/** What the API answers always has all fields of the contract, except messages that are not set. */
type Answer<T, Optional extends keyof T = never> = Required<Omit<T, Optional>> & Pick<T, Optional>;

export type Kind = "PERSON" | "COMPANY";
export type Sharing = "PRIVATE" | "READ" | "READ_WRITE";
export type InvoiceState = "DRAFT" | "BILLED" | "PAID" | "REJECTED";
export type EmailCategory = "HOME" | "WORK" | "OTHER";
export type PhoneCategory = "HOME" | "WORK" | "MOBILE" | "FAX" | "DIRECT" | "OTHER";
export type AddressCategory = "HOME" | "POSTAL" | "OFFICE" | "BILLING" | "OTHER" | "WORK";

export type Email = { value: string; category: EmailCategory; primary: boolean };
/** `national`: how the number is written in its country; only told, never sent. */
export type Phone = { value: string; category: PhoneCategory; primary: boolean; national?: string };
export type Website = { value: string; category: EmailCategory; primary: boolean };
export type Network = Schemas["Social.Network"];
export type Social = { value: string; network: Network; category: EmailCategory; primary: boolean };
export type PostalAddress = Required<Omit<Schemas["PostalAddress"], "category">> & { category: AddressCategory };
export type Money = Required<Schemas["Money"]>;

type Repeated = "emails" | "phones" | "addresses" | "websites" | "socials";

export type Contact = Answer<Omit<Schemas["Contact"], "kind" | "sharing" | "custom" | Repeated>> & {
  kind: Kind;
  sharing: Sharing;
  emails: Email[];
  phones: Phone[];
  addresses: PostalAddress[];
  websites: Website[];
  socials: Social[];
  custom: Custom;
};

/** The values of fields of one's own, by the names of these. */
export type Custom = Record<string, string | boolean>;

export type ContactType = Answer<Schemas["ContactType"]>;
export type TemperatureLevel = Answer<Schemas["TemperatureLevel"]>;
export type ContactTag = Answer<Schemas["ContactTag"]>;
export type ContactField = Answer<Schemas["ContactField"]>;
export type ContactBatch = Answer<Omit<Schemas["ContactBatch"], "refusals">> & { refusals: BatchRefusal[] };
export type BatchRefusal = Answer<Schemas["BatchRefusal"]>;
export type ImportColumn = Answer<Schemas["ContactImport.Column"]>;
export type ContactImport = Answer<Omit<Schemas["ContactImport"], "columns">, "remaining"> & {
  columns: ImportColumn[];
};
export type EventImport = Answer<Omit<Schemas["EventImport"], "columns" | "access">, "remaining"> & {
  columns: ImportColumn[];
  access?: Access;
};
export type ImportRow = Answer<Schemas["ImportRow"]>;
export type Export = Answer<Schemas["Export"], "expireTime">;
export type EventExport = Answer<Schemas["EventExport"], "expireTime">;

/** What is done to each contact of a batch; what is not said stays as it is. */
export type BatchChange = Omit<Schemas["BatchChangeInput"], "sharing"> & { sharing?: Sharing };
export type DuplicateReason = Schemas["DuplicateMatch.Reason"];
export type DuplicateMatch = Answer<Omit<Schemas["DuplicateMatch"], "contact">> & { contact: Contact };
export type DuplicateGroup = Answer<Omit<Schemas["DuplicateGroup"], "contacts">> & { contacts: Contact[] };
export type Impact = Answer<Schemas["Impact"]>;
export type ContactMerge = Answer<Schemas["ContactMerge"]>;
export type MergeConflict = Answer<Schemas["MergeConflict"]>;
export type ContactSettings = Answer<Schemas["ContactSettings"]>;

export type ContactForm = Answer<Omit<Schemas["ContactForm"], "kind" | "sharing" | "fields">> & {
  kind: Kind;
  sharing: Sharing;
  fields: Required<Schemas["FormField"]>[];
};

export type Mailing = Answer<
  Omit<Schemas["Mailing"], "attachments">,
  "selection" | "remaining" | "startTime" | "endTime"
> & { attachments: MailingAttachment[] };
export type MailingAttachment = Answer<Schemas["Mailing.Attachment"]>;
export type MailingRecipient = Answer<Schemas["MailingRecipient"], "time">;
export type MailingPreview = Answer<Schemas["PreviewMailingResponse"]>;

export type Event = Answer<
  Omit<Schemas["Event"], "custom" | "access" | "guestCounts">,
  "createTime" | "updateTime" | "startTime" | "endTime" | "closeTime"
> & { custom: Custom; access?: Access; guestCounts?: GuestCounts };
export type Access = Required<Schemas["Access"]>;
/** What was not said is not there, or unspecified. */
export type EventParticipant = Answer<
  Schemas["EventParticipant"],
  "response" | "attendance" | "delivery" | "inviteTime" | "responseTime"
>;
export type GuestCounts = Required<Schemas["GuestCounts"]>;
export type InvitationRefusal = Required<Schemas["InvitationRefusal"]>;
export type EventRefusal = Answer<Schemas["EventRefusal"]>;
export type EventTag = Answer<Schemas["EventTag"]>;
export type EventField = Answer<Schemas["EventField"]>;
/** A field of one's own, whatever records have it. */
export type OwnField = Pick<ContactField, "name" | "label" | "kind" | "size" | "rows" | "mask" | "options">;
export type HistoryCategory = Answer<Schemas["HistoryCategory"]>;
export type HistoryEntry = Answer<Omit<Schemas["HistoryEntry"], "values">> & { values: Record<string, string> };
export type FileVersion = Answer<Schemas["FileVersion"]>;
/** A document; `File` is the browser's own. */
export type Document = Answer<Omit<Schemas["File"], "versions">, "deleteTime"> & { versions: FileVersion[] };

export type InvoiceLine = Answer<Omit<Schemas["InvoiceLine"], "price" | "amount">> & { price: Money; amount: Money };

export type Invoice = Answer<Omit<Schemas["Invoice"], "state" | "lines" | "total" | "billingAddress">> & {
  state: InvoiceState;
  lines: InvoiceLine[];
  total: Money;
  billingAddress?: Schemas["Address"];
};

export type Role = Schemas["User.Role"];
export type UserState = Schemas["User.State"];
export type User = Answer<Omit<Schemas["User"], "password">>;
export type Group = Answer<Schemas["Group"]>;
export type Portal = Answer<Schemas["Portal"]>;
export type PortalSettings = Answer<Schemas["PortalSettings"]>;
export type SavedView = Answer<Schemas["SavedView"]>;
export type Session = Answer<Schemas["Session"]>;
export type ApiKey = Answer<Schemas["ApiKey"], "expireTime" | "lastUseTime">;
export type Totp = Answer<Schemas["Totp"]>;
export type RecoveryCodes = Answer<Schemas["RecoveryCodes"]>;

export type NotificationKind = Schemas["Notification.Kind"];
export type Notification = Answer<Schemas["Notification"], "readTime">;
export type Channels = Answer<Schemas["NotificationSettings.Channels"]>;
export type NotificationSettings = Answer<Omit<Schemas["NotificationSettings"], "kinds">> & { kinds: Channels[] };
export type MailSettings = Answer<Omit<Schemas["MailSettings"], "password">>;
export type MailState = Schemas["Mail.State"];
export type Mail = Answer<Schemas["Mail"], "nextAttemptTime" | "sentTime">;

export type AuditAction = Schemas["AuditEntry.Action"];
export type FieldChange = Answer<Schemas["AuditChange"]>;
export type AuditEntry = Answer<Omit<Schemas["AuditEntry"], "changes">> & { changes: FieldChange[] };
export type AccessEntry = Answer<Schemas["AccessEntry"]>;
