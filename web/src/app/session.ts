import { redirect } from "@tanstack/react-router";

import { answer, api, idOf } from "../api/client";
import { ApiError } from "../api/errors";
import { keys, me, portal, queryClient } from "../api/queries";
import type { User } from "../api/types";
import { setDayFormat } from "../kit/days";
import { claimDrafts, clearDrafts } from "../kit/draft";
import { tellError } from "../kit/toasts";
import { languageIsChosen, setLanguage, type Language } from "./i18n";

/** Lets only those in who have signed in; the others are sent to do so, or to set the installation up. */
export async function requireSession(here: string) {
  // Signing in elsewhere leads back to `/`, with the reason if it did not work.
  const [path, search] = here.split("?");
  const refused = (path === "/" && new URLSearchParams(search).get("signInError")) || undefined;
  try {
    const [user, { dateFormat }] = await Promise.all([
      queryClient.ensureQueryData(me),
      queryClient.ensureQueryData(portal),
    ]);
    setDayFormat(dateFormat);
    if (user.language && !languageIsChosen()) await setLanguage(user.language, { keep: false });
    if (refused) tellError(new ApiError(403, refused, refused, ""));
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 401) throw error;
    const { setUp } = await queryClient.fetchQuery({ ...portal, staleTime: 0 });
    if (!setUp) throw redirect({ to: "/set-up" });
    throw redirect({ to: "/sign-in", search: path === "/" ? { refused } : { from: here } });
  }
}

/** Starts with a clean cache, and in the language of whoever is here now: nothing stays of who was here before. */
export function signedIn(user: User) {
  if (user.language) void setLanguage(user.language, { keep: true });
  claimDrafts(user.name);
  queryClient.clear();
  queryClient.setQueryData(me.queryKey, user);
}

export async function signOut() {
  await answer(api.DELETE("/v1/sessions/{session}", { params: { path: { session: "current" } } }));
  clearDrafts();
  queryClient.clear();
}

/** Turns the interface to a language, and lets the person find it so on the next device. */
export async function chooseLanguage(language: Language) {
  await setLanguage(language, { keep: true });
  await changeMe({ language });
}

type OwnFields = Partial<Pick<User, "displayName" | "jobTitle" | "timeZone" | "theme">> & { language?: Language };

/** Changes what people may change of themselves. */
export async function changeMe(changes: OwnFields) {
  // Another tab may have changed the user since we signed in.
  const user = await queryClient.fetchQuery({ ...me, staleTime: 0 });
  const fields = Object.keys(changes) as (keyof OwnFields)[];
  if (fields.every((field) => user[field] === changes[field])) return user;
  const { name, etag } = user;
  const params = { path: { user: idOf(name) } };
  const changed = await answer<User>(api.PATCH("/v1/users/{user}", { params, body: { ...changes, etag } }));
  knowMe(changed);
  return changed;
}

/** Remembers what the API just said of the person at the screen. */
export function knowMe(user: User) {
  queryClient.setQueryData(me.queryKey, user);
  queryClient.setQueryData(keys.one(user.name), user);
}
