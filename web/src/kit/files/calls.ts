import { queryOptions } from "@tanstack/react-query";

import { answer, api, idOf } from "../../api/client";
import { ApiError } from "../../api/errors";
import { fetchPage, keys } from "../../api/queries";
import type { Document } from "../../api/types";
import { send } from "../../api/upload";
import { i18n } from "../../app/i18n";
import { errorText, sentence } from "../errors";

type Named = Pick<Document, "name">;
type Progress = (percent: number) => void;

const at = ({ name }: Named) => ({ path: { file: idOf(name) } });

/** A document with all its versions. */
export const fileNamed = (name: string) =>
  queryOptions({
    queryKey: keys.one(name),
    queryFn: () => answer<Document>(api.GET("/v1/files/{file}", { params: at({ name }) })),
  });

/** Adds a file to a record; `onProgress` hears how much of it has left, of 100. */
export function upload(subject: string, file: File, onProgress: Progress, signal?: AbortSignal) {
  const query = new URLSearchParams({ subject, title: file.name });
  return send<Document>(`/v1/files:upload?${query.toString()}`, file, onProgress, signal);
}

export function uploadVersion({ name }: Named, file: File, onProgress: Progress, signal?: AbortSignal) {
  const query = new URLSearchParams({ name, title: file.name });
  return send<Document>(`/v1/files:upload?${query.toString()}`, file, onProgress, signal);
}

/** The documents of a record that are called as files are: title → the latest one. */
export async function namesakes(subject: string, files: File[]) {
  const found = new Map<string, Document>();
  const titles = [...new Set(files.map(({ name }) => name))];
  const of = async (title: string) => {
    const filter = `subject = "${subject}" AND title = ${JSON.stringify(title)}`;
    const { records } = await fetchPage("files", { pageSize: 50, filter, orderBy: "create_time desc" });
    // On the page of a company those of its persons are found too.
    const same = records.find((document) => document.subject === subject);
    if (same) found.set(title, same);
  };
  await Promise.all(titles.map(of));
  return found;
}

export function rename(document: Document, title: string) {
  const body = { title, etag: document.etag };
  return answer<Document>(api.PATCH("/v1/files/{file}", { params: at(document), body }));
}

export function remove(document: Named) {
  return answer(api.DELETE("/v1/files/{file}", { params: at(document) }));
}

export function restore(document: Named) {
  return answer<Document>(api.POST("/v1/files/{file}:restore", { params: at(document), body: {} }));
}

/** Where the bytes of a document are; of the latest version unless said otherwise. */
export function bytesOf({ name }: Named, version?: number) {
  return `/v1/${name}:download${version ? `?version=${version}` : ""}`;
}

/** The bytes themselves, to be shown here; forgotten once they are not. */
export const contentOf = (document: Document) =>
  queryOptions({
    queryKey: [...keys.one(document.name), "content", document.updateTime],
    queryFn: () =>
      answer<Blob>(api.GET("/v1/files/{file}:download", { params: at(document), parseAs: "blob" } as never)),
    gcTime: 0,
    staleTime: Infinity,
  });

/** Why a file was not taken: the API's own words, since it knows how large one may be, and what it looked into. */
export function problemOf(error: unknown) {
  if (error instanceof ApiError && error.code === 413) return i18n.t("files:tooLarge");
  if (error instanceof ApiError && error.code === 507) return i18n.t("files:noRoom");
  const [said] = error instanceof ApiError ? Object.values(error.fields) : [];
  return said ? sentence(said) : errorText(error);
}
