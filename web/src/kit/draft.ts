import { useDebouncedCallback } from "@mantine/hooks";
import { useEffect } from "react";

const PREFIX = "rapport.draft.";
const OWNER = "rapport.draftsOf";

/**
 * What was typed and not saved, kept in this browser so that a reload or a crash loses nothing. `base` is the record
 * it started from: if somebody changes that meanwhile, saving finds out and shows both.
 */
export type Draft<Base, Values> = { base: Base; values: Values };

export function readDraft<Base, Values>(key: string): Draft<Base, Values> | undefined {
  const kept = localStorage.getItem(PREFIX + key);
  if (kept === null) return undefined;
  try {
    return JSON.parse(kept) as Draft<Base, Values>;
  } catch {
    dropDraft(key);
    return undefined;
  }
}

export function keepDraft<Base, Values>(key: string, draft: Draft<Base, Values>) {
  localStorage.setItem(PREFIX + key, JSON.stringify(draft));
}

export function dropDraft(key: string) {
  localStorage.removeItem(PREFIX + key);
}

/** Forgets all drafts: they belong to whoever was signed in. */
export function clearDrafts() {
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) dropDraft(key.slice(PREFIX.length));
}

/** From now on the drafts are those of `owner`; what somebody else left behind in this browser is forgotten. */
export function claimDrafts(owner: string) {
  if (localStorage.getItem(OWNER) !== owner) clearDrafts();
  localStorage.setItem(OWNER, owner);
}

/** Keeps a form's values while they are being typed; gives the function that forgets them. */
export function useDraft<Base, Values>(key: string, draft: Draft<Base, Values>, dirty: boolean) {
  const keep = useDebouncedCallback(() => keepDraft(key, draft), 250);
  const { values } = draft;
  useEffect(() => {
    if (dirty) keep();
  }, [dirty, keep, values]);
  return () => {
    keep.cancel();
    dropDraft(key);
  };
}
