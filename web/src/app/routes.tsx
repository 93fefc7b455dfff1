import { createRoute, createRouter, redirect, useParams } from "@tanstack/react-router";

import { readAuditSearch } from "../audit/search";
import { ContactList } from "../contacts/ContactList";
import { readContactSearch } from "../contacts/search";
import { dayIn, readCalendarSearch } from "../events/calendar/search";
import { readEventSearch } from "../events/search";
import { readUserSearch } from "../identity/people/search";
import { readInvoiceSearch } from "../invoicing/search";
import { readListSearch } from "../kit/listSearch";
import { doors, number, page, root, text } from "./doors";
import { PageError, PageMissing } from "./ErrorPage";
import { Frame } from "./Frame";
import { requireSession } from "./session";

const frame = createRoute({
  getParentRoute: () => root,
  id: "frame",
  beforeLoad: ({ location }) => requireSession(location.href),
  component: Frame,
  errorComponent: PageError,
});

const home = createRoute({
  getParentRoute: () => frame,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/contacts" });
  },
});

const contacts = createRoute({
  getParentRoute: () => frame,
  path: "/contacts",
  validateSearch: readContactSearch,
  component: ContactList,
});

const newContact = createRoute({
  getParentRoute: () => frame,
  path: "/contacts/new",
  validateSearch: (raw): { kind: "PERSON" | "COMPANY"; company?: string } => ({
    kind: raw.kind === "COMPANY" ? "COMPANY" : "PERSON",
    company: number(raw.company),
  }),
  component: page(() => import("../contacts/ContactForm"), "NewContact"),
});

const ContactPage = page(() => import("../contacts/ContactPage"), "ContactPage");
const InvoicesOfContact = page(() => import("../invoicing/InvoicesOfContact"), "InvoicesOfContact");
const EventsOfContact = page(() => import("../events/EventsOfContact"), "EventsOfContact");

/** Which tab of a record's page is open; none for the first one. */
const tabIn = (raw: Record<string, unknown>): { tab?: string } => ({ tab: text(raw.tab) });

const contact = createRoute({
  getParentRoute: () => frame,
  path: "/contacts/$id",
  validateSearch: tabIn,
  component: function ContactWithAll() {
    const { id } = useParams({ from: "/frame/contacts/$id" });
    const contact = `contacts/${id}`;
    return (
      <ContactPage
        key={id}
        invoices={<InvoicesOfContact {...{ contact }} />}
        events={<EventsOfContact {...{ contact }} />}
      />
    );
  },
});

const editContact = createRoute({
  getParentRoute: () => frame,
  path: "/contacts/$id/edit",
  component: page(() => import("../contacts/ContactForm"), "EditContact"),
});

const duplicates = createRoute({
  getParentRoute: () => frame,
  path: "/duplicates",
  component: page(() => import("../contacts/DuplicatesPage"), "DuplicatesPage"),
});

const imports = createRoute({
  getParentRoute: () => frame,
  path: "/imports",
  component: page(() => import("../contacts/imports/pages"), "ContactImports"),
});

const oneImport = createRoute({
  getParentRoute: () => frame,
  path: "/imports/$id",
  component: page(() => import("../contacts/imports/pages"), "OneContactImport"),
});

const eventImports = createRoute({
  getParentRoute: () => frame,
  path: "/event-imports",
  component: page(() => import("../events/imports/pages"), "EventImports"),
});

const oneEventImport = createRoute({
  getParentRoute: () => frame,
  path: "/event-imports/$id",
  component: page(() => import("../events/imports/pages"), "OneEventImport"),
});

const mailings = createRoute({
  getParentRoute: () => frame,
  path: "/mailings",
  component: page(() => import("../contacts/mailings/MailingList"), "MailingList"),
});

const mailing = createRoute({
  getParentRoute: () => frame,
  path: "/mailings/$id",
  component: page(() => import("../contacts/mailings/MailingPage"), "MailingPage"),
});

const invoices = createRoute({
  getParentRoute: () => frame,
  path: "/invoices",
  validateSearch: readInvoiceSearch,
  component: page(() => import("../invoicing/InvoiceList"), "InvoiceList"),
});

const newInvoice = createRoute({
  getParentRoute: () => frame,
  path: "/invoices/new",
  validateSearch: (raw): { client?: string } => ({ client: number(raw.client) }),
  component: page(() => import("../invoicing/InvoiceForm"), "NewInvoice"),
});

const invoice = createRoute({
  getParentRoute: () => frame,
  path: "/invoices/$id",
  component: page(() => import("../invoicing/InvoicePage"), "InvoicePage"),
});

const editInvoice = createRoute({
  getParentRoute: () => frame,
  path: "/invoices/$id/edit",
  component: page(() => import("../invoicing/InvoiceForm"), "EditInvoice"),
});

const events = createRoute({
  getParentRoute: () => frame,
  path: "/events",
  validateSearch: readEventSearch,
  component: page(() => import("../events/EventList"), "EventList"),
});

const calendar = createRoute({
  getParentRoute: () => frame,
  path: "/events/calendar",
  validateSearch: readCalendarSearch,
  component: page(() => import("../events/calendar/CalendarPage"), "CalendarPage"),
});

const newEvent = createRoute({
  getParentRoute: () => frame,
  path: "/events/new",
  validateSearch: (raw): { participant?: string; day?: string; copy?: string } => ({
    copy: number(raw.copy),
    participant: number(raw.participant),
    day: dayIn(raw.day),
  }),
  component: page(() => import("../events/EventForm"), "NewEvent"),
});

const EventPage = page(() => import("../events/EventPage"), "EventPage");
const AddMany = page(() => import("../contacts/participants/AddMany"), "AddMany");

const event = createRoute({
  getParentRoute: () => frame,
  path: "/events/$id",
  validateSearch: tabIn,
  component: function EventWithContacts() {
    return <EventPage AddMany={AddMany} />;
  },
});

const checkIn = createRoute({
  getParentRoute: () => frame,
  path: "/events/$id/checkin",
  component: page(() => import("../events/guests/CheckInPage"), "CheckInPage"),
});

const editEvent = createRoute({
  getParentRoute: () => frame,
  path: "/events/$id/edit",
  component: page(() => import("../events/EventForm"), "EditEvent"),
});

const settings = createRoute({
  getParentRoute: () => frame,
  path: "/settings",
  beforeLoad: () => {
    throw redirect({ to: "/settings/users" });
  },
});

const users = createRoute({
  getParentRoute: () => frame,
  path: "/settings/users",
  validateSearch: readUserSearch,
  component: page(() => import("../identity/people/UserList"), "UserList"),
});

const user = createRoute({
  getParentRoute: () => frame,
  path: "/settings/users/$id",
  component: page(() => import("../identity/people/UserPage"), "UserPage"),
});

const groups = createRoute({
  getParentRoute: () => frame,
  path: "/settings/groups",
  validateSearch: readListSearch,
  component: page(() => import("../identity/people/GroupList"), "GroupList"),
});

const access = createRoute({
  getParentRoute: () => frame,
  path: "/settings/access",
  component: page(() => import("../identity/portal/AccessPage"), "AccessPage"),
});

const modules = createRoute({
  getParentRoute: () => frame,
  path: "/settings/modules",
  component: page(() => import("../identity/portal/ModulesPage"), "ModulesPage"),
});

const integrations = createRoute({
  getParentRoute: () => frame,
  path: "/settings/integrations",
  component: page(() => import("../identity/portal/IntegrationsPage"), "IntegrationsPage"),
});

const mail = createRoute({
  getParentRoute: () => frame,
  path: "/settings/mail",
  component: page(() => import("../notifications/MailPage"), "MailPage"),
});

const portal = createRoute({
  getParentRoute: () => frame,
  path: "/settings/portal",
  component: page(() => import("../identity/portal/PortalPage"), "PortalPage"),
});

const audit = createRoute({
  getParentRoute: () => frame,
  path: "/settings/audit",
  validateSearch: readAuditSearch,
  component: page(() => import("../audit/AuditPage"), "AuditPage"),
});

const common = createRoute({
  getParentRoute: () => frame,
  path: "/settings/common",
  component: page(() => import("../contacts/settings/CommonPage"), "CommonPage"),
});

const temperatureLevels = createRoute({
  getParentRoute: () => frame,
  path: "/settings/temperature-levels",
  component: page(() => import("../contacts/settings/DictionaryPage"), "TemperatureLevelsPage"),
});

const contactTypes = createRoute({
  getParentRoute: () => frame,
  path: "/settings/contact-types",
  component: page(() => import("../contacts/settings/DictionaryPage"), "ContactTypesPage"),
});

const fields = createRoute({
  getParentRoute: () => frame,
  path: "/settings/fields",
  component: page(() => import("../contacts/settings/FieldsPage"), "FieldsPage"),
});

const tags = createRoute({
  getParentRoute: () => frame,
  path: "/settings/tags",
  component: page(() => import("../contacts/settings/TagsPage"), "TagsPage"),
});

const historyCategories = createRoute({
  getParentRoute: () => frame,
  path: "/settings/history-categories",
  component: page(() => import("../contacts/settings/DictionaryPage"), "HistoryCategoriesPage"),
});

const contactForms = createRoute({
  getParentRoute: () => frame,
  path: "/settings/contact-forms",
  component: page(() => import("../contacts/forms/FormsPage"), "FormsPage"),
});

const newContactForm = createRoute({
  getParentRoute: () => frame,
  path: "/settings/contact-forms/new",
  component: page(() => import("../contacts/forms/FormEditor"), "NewForm"),
});

const editContactForm = createRoute({
  getParentRoute: () => frame,
  path: "/settings/contact-forms/$id",
  component: page(() => import("../contacts/forms/FormEditor"), "EditForm"),
});

const profile = createRoute({
  getParentRoute: () => frame,
  path: "/profile",
  component: page(() => import("../identity/profile/ProfileFrame"), "ProfileFrame"),
});

const ownPerson = createRoute({
  getParentRoute: () => profile,
  path: "/",
  component: page(() => import("../identity/profile/ProfilePage"), "ProfilePage"),
});

const ownSecurity = createRoute({
  getParentRoute: () => profile,
  path: "/security",
  component: page(() => import("../identity/profile/SecurityPage"), "SecurityPage"),
});

const ownNotifications = createRoute({
  getParentRoute: () => profile,
  path: "/notifications",
  component: page(() => import("../notifications/NotificationSettingsPage"), "NotificationSettingsPage"),
});

/** Any other address: whoever has signed in is told in the frame, and finds a way on. */
const missing = createRoute({ getParentRoute: () => frame, path: "$", component: PageMissing });

const tree = root.addChildren([
  ...doors,
  frame.addChildren([
    home,
    contacts,
    newContact,
    contact,
    editContact,
    duplicates,
    imports,
    oneImport,
    eventImports,
    oneEventImport,
    mailings,
    mailing,
    invoices,
    newInvoice,
    invoice,
    editInvoice,
    events,
    calendar,
    newEvent,
    event,
    checkIn,
    editEvent,
    settings,
    users,
    user,
    groups,
    access,
    modules,
    integrations,
    mail,
    portal,
    audit,
    common,
    temperatureLevels,
    contactTypes,
    contactForms,
    newContactForm,
    editContactForm,
    historyCategories,
    fields,
    tags,
    profile.addChildren([ownPerson, ownSecurity, ownNotifications]),
    missing,
  ]),
]);

export const router = createRouter({ routeTree: tree, defaultPreload: "intent", scrollRestoration: true });

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
