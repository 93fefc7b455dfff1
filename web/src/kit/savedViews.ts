import { useQuery, useQueryClient } from "@tanstack/react-query";
import { defaultParseSearch, defaultStringifySearch } from "@tanstack/react-router";
import { useEffect } from "react";

import { answer, api, idOf } from "../api/client";
import { ApiError } from "../api/errors";
import { keys, listOf, me, type Collection } from "../api/queries";
import type { SavedView } from "../api/types";

const LONGEST_TITLE = 100;

export type Shown = { search: Record<string, unknown>; hidden: string[] };

/** What is kept of a list: its search without the place in it, and the columns that are not shown. */
export function fieldsOf({ search, hidden }: Shown) {
  const query = defaultStringifySearch({ ...search, page: undefined, open: undefined }).replace(/^\?/, "");
  return { query, hiddenColumns: hidden };
}

/** The search that a view keeps. */
export const searchOf = ({ query }: Pick<SavedView, "query">): Record<string, unknown> => defaultParseSearch(query);

const at = ({ name }: SavedView) => ({ path: { saved_view: idOf(name) } });
const same = (one: string, other: string) => one.toLocaleLowerCase() === other.toLocaleLowerCase();

/** Keeps a view; one of the same title shows something else from now on. */
export function saveView(list: Collection, title: string, shown: Shown, known: SavedView[]) {
  const fields = fieldsOf(shown);
  const there = known.find((view) => same(view.title, title));
  if (there) return answer<SavedView>(api.PATCH("/v1/savedViews/{saved_view}", { params: at(there), body: fields }));
  return answer<SavedView>(api.POST("/v1/savedViews", { body: { list, title, ...fields } }));
}

export const removeView = (view: SavedView) => answer(api.DELETE("/v1/savedViews/{saved_view}", { params: at(view) }));

type KeptHere = Shown & { title: string };

function keptHere(key: string): KeptHere[] {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "[]") as KeptHere[];
  } catch {
    return [];
  }
}

/** Takes over what an earlier version kept in this browser, once; returns whether there was any. */
export async function takeOver(list: Collection, user: string) {
  const key = `rapport.views.${list}.${user}`;
  if (localStorage.getItem(key) === null) return false;
  const waiting = keptHere(key);
  for (const { title, ...shown } of [...waiting]) {
    try {
      await saveView(list, title.slice(0, LONGEST_TITLE), shown, []);
    } catch (error) {
      // What is there already was taken over in another window; anything else is tried again next time.
      if (!(error instanceof ApiError && error.reason === "SAVED_VIEW_TITLE_TAKEN")) return true;
    }
    waiting.shift();
    localStorage.setItem(key, JSON.stringify(waiting));
  }
  localStorage.removeItem(key);
  return true;
}

/** The views of a list that somebody keeps. */
export function useSavedViews(list: Collection) {
  const client = useQueryClient();
  const user = useQuery(me).data?.name;
  const views = useQuery(listOf("savedViews", { filter: `list = "${list}"`, pageSize: 200 }));
  useEffect(() => {
    if (!user) return;
    void takeOver(list, user).then((any) => {
      if (any) void client.invalidateQueries({ queryKey: keys.lists("savedViews") });
    });
  }, [list, user, client]);
  return {
    views: views.data?.records ?? [],
    refresh: () => void client.invalidateQueries({ queryKey: keys.lists("savedViews") }),
  };
}
