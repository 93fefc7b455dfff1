import { QueryClient, queryOptions } from "@tanstack/react-query";

import { answer, api, idOf } from "./client";
import { ApiError } from "./errors";
import type {
  ApiKey,
  AuditEntry,
  Contact,
  ContactField,
  ContactForm,
  ContactImport,
  Mailing,
  ContactMerge,
  ContactSettings,
  ContactTag,
  ContactType,
  Document,
  Event,
  EventExport,
  EventField,
  EventImport,
  EventTag,
  Export,
  Group,
  HistoryCategory,
  HistoryEntry,
  Invoice,
  Mail,
  MailSettings,
  Notification,
  NotificationSettings,
  Portal,
  PortalSettings,
  SavedView,
  Session,
  TemperatureLevel,
  Totp,
  User,
} from "./types";

/** What a list is asked for; empty parts are not sent. */
export type ListQuery = {
  pageSize?: number;
  pageToken?: string;
  filter?: string;
  orderBy?: string;
  q?: string;
  /** Whose, where a list is somebody's. */
  user?: string;
};

/** One page of a list. */
export type Page<T> = { records: T[]; nextPageToken: string; totalSize: number; totalSizeEstimated: boolean };

type Records = {
  contacts: Contact;
  contactTypes: ContactType;
  temperatureLevels: TemperatureLevel;
  contactTags: ContactTag;
  contactImports: ContactImport;
  mailings: Mailing;
  contactMerges: ContactMerge;
  exports: Export;
  eventExports: EventExport;
  eventImports: EventImport;
  contactFields: ContactField;
  contactForms: ContactForm;
  events: Event;
  eventTags: EventTag;
  eventFields: EventField;
  historyEntries: HistoryEntry;
  historyCategories: HistoryCategory;
  files: Document;
  invoices: Invoice;
  users: User;
  groups: Group;
  sessions: Session;
  apiKeys: ApiKey;
  savedViews: SavedView;
  notifications: Notification;
  mails: Mail;
  auditEntries: AuditEntry;
};

export type Collection = keyof Records;

/** The names under which answers are cached; live changes find them by these. */
export const keys = {
  lists: (collection: string) => [collection, "list"] as const,
  list: (collection: string, query: ListQuery) => [collection, "list", query] as const,
  ones: (collection: string) => [collection, "one"] as const,
  one: (name: string) => [name.split("/")[0], "one", name] as const,
};

/** One page of a list. */
export async function fetchPage<C extends Collection>(collection: C, query: ListQuery): Promise<Page<Records[C]>> {
  const sent = Object.fromEntries(Object.entries(query).filter(([, value]) => value));
  type Answer = Record<string, unknown> & { nextPageToken?: string; totalSize?: number; totalSizeEstimated?: boolean };
  const page = await answer<Answer>(api.GET(`/v1/${collection}` as "/v1/contacts", { params: { query: sent } }));
  return {
    records: (page[collection] ?? []) as Records[C][],
    nextPageToken: page.nextPageToken ?? "",
    totalSize: page.totalSize ?? 0,
    totalSizeEstimated: page.totalSizeEstimated ?? false,
  };
}

export const listOf = <C extends Collection>(collection: C, query: ListQuery) =>
  queryOptions({ queryKey: keys.list(collection, query), queryFn: () => fetchPage(collection, query) });

export const contactNamed = (name: string) =>
  queryOptions({
    queryKey: keys.one(name),
    queryFn: () => answer<Contact>(api.GET("/v1/contacts/{contact}", { params: { path: { contact: idOf(name) } } })),
  });

/** Everything that administrators decided may be chosen: types, levels or fields of one's own, in their order. */
export const dictionary = <
  C extends "contactTypes" | "temperatureLevels" | "contactFields" | "eventFields" | "historyCategories",
>(
  collection: C,
) => listOf(collection, { pageSize: 200 });

export const contactFormNamed = (name: string) =>
  queryOptions({
    queryKey: keys.one(name),
    queryFn: () =>
      answer<ContactForm>(
        api.GET("/v1/contactForms/{contact_form}", { params: { path: { contact_form: idOf(name) } } }),
      ),
  });

export const contactSettings = queryOptions({
  queryKey: keys.one("contactSettings"),
  queryFn: () => answer<ContactSettings>(api.GET("/v1/contactSettings")),
});

export const eventNamed = (name: string) =>
  queryOptions({
    queryKey: keys.one(name),
    queryFn: () => answer<Event>(api.GET("/v1/events/{event}", { params: { path: { event: idOf(name) } } })),
  });

export const invoiceNamed = (name: string) =>
  queryOptions({
    queryKey: keys.one(name),
    queryFn: () => answer<Invoice>(api.GET("/v1/invoices/{invoice}", { params: { path: { invoice: idOf(name) } } })),
  });

export const userNamed = (name: string) =>
  queryOptions({
    queryKey: keys.one(name),
    queryFn: () => answer<User>(api.GET("/v1/users/{user}", { params: { path: { user: idOf(name) } } })),
    staleTime: 5 * 60_000,
  });

export const groupNamed = (name: string) =>
  queryOptions({
    queryKey: keys.one(name),
    queryFn: () => answer<Group>(api.GET("/v1/groups/{group}", { params: { path: { group: idOf(name) } } })),
    staleTime: 5 * 60_000,
  });

/** Who is signed in. */
export const me = queryOptions({
  queryKey: ["me"],
  queryFn: () => answer<User>(api.GET("/v1/users/{user}", { params: { path: { user: "me" } } })),
  staleTime: Infinity,
});

export const portal = queryOptions({
  queryKey: ["portal"],
  queryFn: () => answer<Portal>(api.GET("/v1/portal")),
  staleTime: 5 * 60_000,
});

export const portalSettings = queryOptions({
  queryKey: keys.one("portalSettings"),
  queryFn: () => answer<PortalSettings>(api.GET("/v1/portalSettings")),
});

export const totp = queryOptions({
  queryKey: keys.one("totp"),
  queryFn: () => answer<Totp>(api.GET("/v1/users/me:totp")),
});

export const notificationSettings = queryOptions({
  queryKey: keys.one("notificationSettings"),
  queryFn: () => answer<NotificationSettings>(api.GET("/v1/notificationSettings")),
});

/** How many notifications are still to be read; among the lists, since it follows from them. */
export const unreadCount = queryOptions({
  queryKey: [...keys.lists("notifications"), "unread"],
  queryFn: () => answer<{ unreadCount: number }>(api.GET("/v1/notifications:countUnread")),
});

export const mailSettings = queryOptions({
  queryKey: keys.one("mailSettings"),
  queryFn: () => answer<MailSettings>(api.GET("/v1/mailSettings")),
});

/** Answers stay fresh until a live change says otherwise; only what may be down is asked again by itself. */
export function makeQueryClient() {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 60_000,
        retry: (failures, error) => error instanceof ApiError && error.unavailable && failures < 2,
        retryDelay: (attempt) => 500 * 2 ** attempt,
      },
    },
  });
}

export const queryClient = makeQueryClient();
