import type { Contact, User } from "../api/types";

/** Whether somebody looks after a contact, or administers the CRM: they alone say who else may see it. */
export function looksAfter(contact: Pick<Contact, "managers">, me: Pick<User, "name" | "role" | "groups">) {
  return me.role !== "USER" || [me.name, ...me.groups].some((name) => contact.managers.includes(name));
}

/** Whether a change by somebody would be taken, so that none is offered that would not. The API has the last word. */
export function mayChange(contact: Pick<Contact, "managers" | "sharing">, me: User | undefined) {
  return me !== undefined && (contact.sharing === "READ_WRITE" || looksAfter(contact, me));
}
