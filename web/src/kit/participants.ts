import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { answer, api, idOf } from "../api/client";
import { keys } from "../api/queries";
import type { Event } from "../api/types";
import { tell } from "./toasts";

/** Contacts by their names, or all that a list with this filter shows. */
export type Wanted = { contacts: string[] } | { selection: { filter: string; q: string } };
export type Added = { event: Event; addedCount: number; alreadyCount: number };

export function addParticipants({ name }: Pick<Event, "name">, body: Wanted) {
  const params = { path: { event: idOf(name) } };
  return answer<Added>(api.POST("/v1/events/{event}:addParticipants", { params, body }));
}

/** Says how many were added, and has everything that shows them ask again. */
export function useTellAdded() {
  const { t } = useTranslation("bulk");
  const client = useQueryClient();
  return ({ event, addedCount, alreadyCount }: Added) => {
    for (const key of [keys.one(event.name), keys.lists("events"), keys.lists("historyEntries")])
      void client.invalidateQueries({ queryKey: key });
    const already = alreadyCount > 0 ? ` ${t("participants.already", { count: alreadyCount })}` : "";
    tell(t("participants.added", { count: addedCount }) + already);
  };
}
