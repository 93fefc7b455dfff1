import { queryOptions } from "@tanstack/react-query";

import { answer, api, idOf } from "../../api/client";
import { keys } from "../../api/queries";
import type { Mailing, MailingAttachment, MailingPreview, MailingRecipient } from "../../api/types";
import { send } from "../../api/upload";
import { languageNow } from "../../app/i18n";
import type { Chosen } from "../bulk";

const LOOK_AGAIN_MS = 1_000;

export const isRunning = ({ state }: Pick<Mailing, "state">) => state === "QUEUED" || state === "RUNNING";

type Named = Pick<Mailing, "name">;

const at = ({ name }: Named) => ({ path: { mailing: idOf(name) } });

export const mailingNamed = (name: string) =>
  queryOptions({
    queryKey: keys.one(name),
    queryFn: () => answer<Mailing>(api.GET("/v1/mailings/{mailing}", { params: at({ name }) })),
    refetchInterval: ({ state: { data } }) => (data && isRunning(data) ? LOOK_AGAIN_MS : false),
  });

/** Begins a draft to the contacts that were chosen in the list. */
export function beginMailing(chosen: Chosen) {
  const body = "names" in chosen ? { contacts: chosen.names } : { selection: chosen.selection };
  return answer<Mailing>(api.POST("/v1/mailings", { body: { ...body, language: languageNow() } }));
}

export type Letter = Pick<Mailing, "subject" | "body" | "senderName" | "replyTo" | "perMinute" | "language">;

export function saveLetter(mailing: Mailing, letter: Letter) {
  const body = { ...letter, etag: mailing.etag };
  return answer<Mailing>(api.PATCH("/v1/mailings/{mailing}", { params: at(mailing), body }));
}

/** Deletes a draft in which nothing was written, as long as it is the version that was seen. */
export function forgetUnwritten({ name, etag }: Mailing) {
  return answer(api.DELETE("/v1/mailings/{mailing}", { params: { ...at({ name }), query: { etag } } }));
}

export function deleteMailing(mailing: Named) {
  return answer(api.DELETE("/v1/mailings/{mailing}", { params: at(mailing) }));
}

/** Attaches a file; `onProgress` hears how much of it has left, of 100. */
export function attach({ name }: Named, file: File, onProgress: (percent: number) => void) {
  const path = `/v1/${name}:uploadAttachment?fileName=${encodeURIComponent(file.name)}`;
  return send<Mailing>(path, file, onProgress);
}

export function detach(mailing: Named, { id }: MailingAttachment) {
  const options = { params: at(mailing), body: { attachment: id } };
  return answer<Mailing>(api.POST("/v1/mailings/{mailing}:removeAttachment", options));
}

/** The letter as one contact would get it; `etag`: of which version of the mailing. */
export const previewOf = ({ name, etag }: Mailing, contact: string) =>
  queryOptions({
    queryKey: [...keys.one(name), "preview", etag, contact],
    queryFn: () => {
      const params = { ...at({ name }), query: { contact } };
      return answer<MailingPreview>(api.GET("/v1/mailings/{mailing}:preview", { params }));
    },
    retry: false,
  });

/** Sends the letter, as a contact would get it, to whoever asks. */
export function sendTest(mailing: Named, contact: string) {
  const options = { params: at(mailing), body: { contact } };
  return answer<{ state: MailingRecipient["state"] }>(api.POST("/v1/mailings/{mailing}:test", options));
}

/** Starts the mailing, or with `onlyCount` says how many it would go to. */
export function start(mailing: Mailing, onlyCount: boolean) {
  const options = { params: at(mailing), body: { validateOnly: onlyCount, etag: mailing.etag } };
  return answer<Mailing>(api.POST("/v1/mailings/{mailing}:start", options));
}

export function cancel(mailing: Named) {
  const options = { params: at(mailing), body: {} };
  return answer<Mailing>(api.POST("/v1/mailings/{mailing}:cancel", options));
}

export type RecipientState = MailingRecipient["state"];
export type Recipients = { recipients: MailingRecipient[]; nextPageToken: string };

export function fetchRecipients(mailing: Named, state: RecipientState | undefined, pageToken: string) {
  const query = { pageSize: 50, ...(state && { state }), ...(pageToken && { pageToken }) };
  const params = { ...at(mailing), query };
  return answer<Recipients>(api.GET("/v1/mailings/{mailing}/recipients", { params }));
}
