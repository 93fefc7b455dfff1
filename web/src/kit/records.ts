/** Where that is set of which there is one. */
const SETTINGS: Record<string, string> = {
  portalSettings: "/settings/portal",
  mailSettings: "/settings/mail",
  contactSettings: "/settings/common",
};

/** Under which address a record is shown; none if there is no page for its kind. */
export function pathOf(name: string): string | undefined {
  if (name in SETTINGS) return SETTINGS[name];
  const [collection = "", id] = name.split("/");
  if (!id) return undefined;
  if (collection === "contacts" || collection === "invoices" || collection === "events") return `/${name}`;
  if (collection === "groups") return "/settings/groups";
  if (collection === "contactImports") return `/imports/${id}`;
  if (collection === "eventImports") return `/event-imports/${id}`;
  if (collection === "mailings") return `/mailings/${id}`;
  if (collection === "exports") return "/settings/common";
  if (collection === "eventExports") return "/events";
  if (collection === "contactForms") return `/settings/contact-forms/${id}`;
  if (collection === "contactTypes") return "/settings/contact-types";
  if (collection === "temperatureLevels") return "/settings/temperature-levels";
  if (collection === "contactFields" || collection === "eventFields") return "/settings/fields";
  if (collection === "contactTags" || collection === "eventTags") return "/settings/tags";
  if (collection === "historyCategories") return "/settings/history-categories";
  return collection === "users" ? `/settings/${name}` : undefined;
}
