import { isEmail } from "../../kit/email";

export type Invitee = { email: string; displayName: string };

/** What somebody is called whose address alone is known: `ivan.petrov@…` is Ivan Petrov, until he says otherwise. */
function nameIn(email: string) {
  const words = email.slice(0, email.indexOf("@")).split(/[._-]+/);
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(" ");
}

/** Addresses as they are pasted: with commas, semicolons or lines between them, with names or without. */
export function readAddresses(pasted: string): { invitees: Invitee[]; wrong: string[] } {
  const invitees = new Map<string, Invitee>();
  const wrong: string[] = [];
  for (const part of pasted.split(/[,;\n]+/).map((one) => one.trim())) {
    if (!part) continue;
    const named = /^"?(.*?)"?\s*<(.+)>$/.exec(part);
    const email = (named?.[2] ?? part).trim();
    if (!isEmail(email)) wrong.push(part);
    else invitees.set(email.toLowerCase(), { email, displayName: named?.[1]?.trim() || nameIn(email) });
  }
  return { invitees: [...invitees.values()], wrong };
}
