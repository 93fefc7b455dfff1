import { queryOptions } from "@tanstack/react-query";

import { answer, api, asItIs, idOf } from "../../api/client";
import { keys } from "../../api/queries";
import type { ImportRow } from "../../api/types";
import type { Decisions, Import, ImportKind } from "./kind";

const LOOK_AGAIN_MS = 1_000;

const RUNNING = ["QUEUED", "RUNNING", "UNDOING"];

export const isRunning = (state: string) => RUNNING.includes(state);

type Named = Pick<Import, "name">;

/** All kinds of imports have the same calls; they are typed as those of contacts. */
type One = "/v1/contactImports/{contact_import}";
const pathOf = <P extends string>({ name }: Named, verb: P) =>
  `/v1/${name.split("/")[0]}/{contact_import}${verb}` as `${One}${P}`;
const at = ({ name }: Named) => ({ path: { contact_import: idOf(name) } });

export const importNamed = (name: string) =>
  queryOptions({
    queryKey: keys.one(name),
    queryFn: () => answer<Import>(api.GET(pathOf({ name }, ""), { params: at({ name }) })),
    refetchInterval: ({ state: { data } }) => (data && isRunning(data.state) ? LOOK_AGAIN_MS : false),
  });

export type Preview = { rows: ImportRow[]; nextPageToken: string };

export const previewOf = (name: string, query: { onlyProblems: boolean; pageToken: string }) =>
  queryOptions({
    queryKey: [...keys.one(name), "preview", query],
    queryFn: () => {
      const { pageToken, onlyProblems } = query;
      const sent = { pageSize: 20, onlyProblems, ...(pageToken && { pageToken }) };
      return answer<Preview>(api.GET(pathOf({ name }, ":preview"), { params: { ...at({ name }), query: sent } }));
    },
    staleTime: 0,
  });

export function upload(kind: Pick<ImportKind, "collection">, file: File, sent: Record<string, string>) {
  const params = { query: { fileName: file.name, ...sent } };
  const path = `/v1/${kind.collection}:upload` as "/v1/contactImports:upload";
  return answer<Import>(api.POST(path, { params, ...asItIs(file) }));
}

export function decide(made: Import, decisions: Decisions) {
  const body = { ...decisions, etag: made.etag } as never;
  return answer<Import>(api.PATCH(pathOf(made, ""), { params: at(made), body }));
}

export function correct(made: Import, row: number, column: number, value: string) {
  return answer(api.POST(pathOf(made, ":correct"), { params: at(made), body: { row, column, value } }));
}

export function start(made: Import, dryRun: boolean) {
  return answer<Import>(api.POST(pathOf(made, ":start"), { params: at(made), body: { dryRun } }));
}

export function cancel(made: Import) {
  return answer<Import>(api.POST(pathOf(made, ":cancel"), { params: at(made), body: {} }));
}

export function undo(made: Import) {
  return answer<Import>(api.POST(pathOf(made, ":undo"), { params: at(made), body: {} }));
}

export function forget(made: Import) {
  return answer(api.DELETE(pathOf(made, ""), { params: at(made) }));
}
