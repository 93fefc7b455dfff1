/** Under which address a record is shown; none if there is no page for its kind. */
export function pathOf(name: string): string | undefined {
  const [collection = "", id] = name.split("/");
  if (!id) return undefined;
  if (collection === "contacts" || collection === "invoices") return `/${name}`;
  return collection === "users" ? `/settings/${name}` : undefined;
}
