import { useNavigate, useRouterState } from "@tanstack/react-router";

/** What a list keeps in the address, so that it can be reloaded, sent to somebody, and gone back to. */
export type ListSearch = {
  q?: string;
  /** As the API words it: `create_time desc`. */
  sort?: string;
  size?: number;
  /** The token of the page; none on the first. */
  page?: string;
  /** The id of the record in the side panel. */
  open?: string;
};

export const PAGE_SIZES = [25, 50, 75, 100];

export const textIn = (value: unknown) => (value === undefined || value === "" ? undefined : String(value));

/** A text of the filter language. */
export const quoted = (text: string) => `"${text.replace(/[\\"]/g, "\\$&")}"`;

/** One of `allowed`, or nothing: an address may hold anything. */
export function oneOf<T extends string>(allowed: readonly T[], value: unknown): T | undefined {
  return allowed.find((known) => known === value);
}

export function readListSearch(raw: Record<string, unknown>): ListSearch {
  return {
    q: textIn(raw.q),
    sort: textIn(raw.sort),
    size: PAGE_SIZES.find((size) => size === Number(raw.size)),
    page: textIn(raw.page),
    open: textIn(raw.open),
  };
}

/** What a changed search means for the place in the list: another question starts at the first page. */
export function changedSearch<S extends ListSearch>(before: S, change: Partial<S>): S {
  const samePlace = Object.keys(change).every((key) => key === "page" || key === "open");
  return { ...before, ...(samePlace ? {} : { page: undefined }), ...change };
}

/** The tokens of the pages before this one; kept with the history entry, since each page knows only the next. */
type Trail = { trail?: string[] };

/** What the frame of a list needs of its search. */
export interface ListPlace {
  search: ListSearch;
  pagesBefore: number | undefined;
  change(change: Partial<ListSearch>): void;
  next(token: string): void;
  previous(): void;
}

/** The search of the list on this page, and how to change it. */
export function useListSearch<S extends ListSearch>() {
  const location = useRouterState({ select: (state) => state.location });
  const search = location.search as S;
  const trail = (location.state as Trail).trail ?? [];
  const navigate = useNavigate();
  const go = (next: S, nextTrail: string[], replace: boolean) =>
    void navigate({ to: ".", search: next as never, state: { trail: nextTrail } as never, replace });

  return {
    search,
    /** How many pages came before this one; unknown if the address was opened from elsewhere. */
    pagesBefore: search.page && trail.length === 0 ? undefined : trail.length,
    change: (change: Partial<S>) =>
      go(changedSearch(search, change), "open" in change ? trail : [], !("open" in change)),
    next: (token: string) => go({ ...search, page: token }, [...trail, search.page ?? ""], false),
    previous: () => go({ ...search, page: trail.at(-1) || undefined }, trail.slice(0, -1), false),
  };
}
