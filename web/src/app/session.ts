import { redirect } from "@tanstack/react-router";

import { answer, api, idOf } from "../api/client";
import { ApiError } from "../api/errors";
import { me, portal, queryClient } from "../api/queries";
import type { User } from "../api/types";
import { claimDrafts, clearDrafts } from "../kit/draft";
import { languageIsChosen, setLanguage, type Language } from "./i18n";

/** Lets only those in who have signed in; the others are sent to do so, or to set the installation up. */
export async function requireSession(here: string) {
  try {
    const user = await queryClient.ensureQueryData(me);
    if (user.language && !languageIsChosen()) setLanguage(user.language, { keep: false });
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 401) throw error;
    const { setUp } = await queryClient.fetchQuery({ ...portal, staleTime: 0 });
    throw setUp
      ? redirect({ to: "/sign-in", search: here === "/" ? {} : { from: here } })
      : redirect({ to: "/set-up" });
  }
}

/** Starts with a clean cache: nothing that one person saw is shown to the next. */
export function signedIn(user: User) {
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
  setLanguage(language, { keep: true });
  // Another tab may have changed the user since we signed in.
  const user = await queryClient.fetchQuery({ ...me, staleTime: 0 });
  if (user.language === language) return;
  const body = { language, etag: user.etag };
  const changed = await answer<User>(
    api.PATCH("/v1/users/{user}", { params: { path: { user: idOf(user.name) } }, body }),
  );
  queryClient.setQueryData(me.queryKey, changed);
}
