import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  useParams,
} from "@tanstack/react-router";

import { ContactList } from "../contacts/ContactList";
import { readContactSearch } from "../contacts/search";
import { InvoiceList } from "../invoicing/InvoiceList";
import { readInvoiceSearch } from "../invoicing/search";
import { PageError, PageMissing } from "./ErrorPage";
import { Frame } from "./Frame";
import { requireSession } from "./session";

const text = (value: unknown) => (typeof value === "string" && value ? value : undefined);
const number = (value: unknown) => (value === undefined ? undefined : text(String(value)));

const root = createRootRoute({ component: Outlet, errorComponent: PageError });

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (raw): { from?: string; expired?: boolean } => ({
    from: text(raw.from),
    expired: raw.expired === true || undefined,
  }),
  component: lazyRouteComponent(() => import("../identity/SignIn"), "SignIn"),
});

const setUp = createRoute({
  getParentRoute: () => root,
  path: "/set-up",
  component: lazyRouteComponent(() => import("../identity/SetUp"), "SetUp"),
});

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
  component: lazyRouteComponent(() => import("../contacts/ContactForm"), "NewContact"),
});

const ContactPage = lazyRouteComponent(() => import("../contacts/ContactPage"), "ContactPage");
const InvoicesOfContact = lazyRouteComponent(() => import("../invoicing/InvoicesOfContact"), "InvoicesOfContact");

const contact = createRoute({
  getParentRoute: () => frame,
  path: "/contacts/$id",
  component: function ContactWithInvoices() {
    const { id } = useParams({ from: "/frame/contacts/$id" });
    return <ContactPage key={id} invoices={<InvoicesOfContact contact={`contacts/${id}`} />} />;
  },
});

const editContact = createRoute({
  getParentRoute: () => frame,
  path: "/contacts/$id/edit",
  component: lazyRouteComponent(() => import("../contacts/ContactForm"), "EditContact"),
});

const invoices = createRoute({
  getParentRoute: () => frame,
  path: "/invoices",
  validateSearch: readInvoiceSearch,
  component: InvoiceList,
});

const newInvoice = createRoute({
  getParentRoute: () => frame,
  path: "/invoices/new",
  validateSearch: (raw): { client?: string } => ({ client: number(raw.client) }),
  component: lazyRouteComponent(() => import("../invoicing/InvoiceForm"), "NewInvoice"),
});

const invoice = createRoute({
  getParentRoute: () => frame,
  path: "/invoices/$id",
  component: lazyRouteComponent(() => import("../invoicing/InvoicePage"), "InvoicePage"),
});

const editInvoice = createRoute({
  getParentRoute: () => frame,
  path: "/invoices/$id/edit",
  component: lazyRouteComponent(() => import("../invoicing/InvoiceForm"), "EditInvoice"),
});

/** Any other address: whoever has signed in is told in the frame, and finds a way on. */
const missing = createRoute({ getParentRoute: () => frame, path: "$", component: PageMissing });

const tree = root.addChildren([
  signIn,
  setUp,
  frame.addChildren([
    home,
    contacts,
    newContact,
    contact,
    editContact,
    invoices,
    newInvoice,
    invoice,
    editInvoice,
    missing,
  ]),
]);

export const router = createRouter({ routeTree: tree, defaultPreload: "intent", scrollRestoration: true });

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
