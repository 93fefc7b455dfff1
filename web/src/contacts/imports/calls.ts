import { queryOptions } from "@tanstack/react-query";

import { answer, api, asItIs, idOf } from "../../api/client";
import { keys } from "../../api/queries";
import type { ContactImport, ImportRow } from "../../api/types";

const LOOK_AGAIN_MS = 1_000;

const RUNNING = ["QUEUED", "RUNNING", "UNDOING"];

export const isRunning = (state: string) => RUNNING.includes(state);

const at = ({ name }: Pick<ContactImport, "name">) => ({ path: { contact_import: idOf(name) } });

export const importNamed = (name: string) =>
  queryOptions({
    queryKey: keys.one(name),
    queryFn: () => answer<ContactImport>(api.GET("/v1/contactImports/{contact_import}", { params: at({ name }) })),
    refetchInterval: ({ state: { data } }) => (data && isRunning(data.state) ? LOOK_AGAIN_MS : false),
  });

export type Preview = { rows: ImportRow[]; nextPageToken: string };

export const previewOf = (name: string, query: { onlyProblems: boolean; pageToken: string }) =>
  queryOptions({
    queryKey: [...keys.one(name), "preview", query],
    queryFn: () => {
      const { pageToken, onlyProblems } = query;
      const sent = { pageSize: 20, onlyProblems, ...(pageToken && { pageToken }) };
      const params = { ...at({ name }), query: sent };
      return answer<Preview>(api.GET("/v1/contactImports/{contact_import}:preview", { params }));
    },
    staleTime: 0,
  });

export function upload(file: File) {
  const params = { query: { fileName: file.name } };
  return answer<ContactImport>(api.POST("/v1/contactImports:upload", { params, ...asItIs(file) }));
}

type Decided = "encoding" | "delimiter" | "quote" | "hasHeader" | "duplicates" | "matchBy" | "badCells" | "notify";
export type Decisions = Partial<Pick<ContactImport, Decided | "managers" | "sharing" | "tags">> & {
  columns?: { index: number; field: string }[];
};

export function decide(made: ContactImport, decisions: Decisions) {
  const body = { ...decisions, etag: made.etag };
  const options = { params: at(made), body };
  return answer<ContactImport>(api.PATCH("/v1/contactImports/{contact_import}", options));
}

export function correct(made: ContactImport, row: number, column: number, value: string) {
  const body = { row, column, value };
  return answer(api.POST("/v1/contactImports/{contact_import}:correct", { params: at(made), body }));
}

export function start(made: ContactImport, dryRun: boolean) {
  const options = { params: at(made), body: { dryRun } };
  return answer<ContactImport>(api.POST("/v1/contactImports/{contact_import}:start", options));
}

export function cancel(made: ContactImport) {
  const options = { params: at(made), body: {} };
  return answer<ContactImport>(api.POST("/v1/contactImports/{contact_import}:cancel", options));
}

export function undo(made: ContactImport) {
  const options = { params: at(made), body: {} };
  return answer<ContactImport>(api.POST("/v1/contactImports/{contact_import}:undo", options));
}

export function forget(made: ContactImport) {
  return answer(api.DELETE("/v1/contactImports/{contact_import}", { params: at(made) }));
}
