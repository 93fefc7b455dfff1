import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { answer, api, idOf } from "../api/client";
import { keys } from "../api/queries";
import type { ContactBatch, BatchChange } from "../api/types";

/** Contacts by their names, or all that a list with this filter shows. */
export type Chosen = { names: string[] } | { selection: { filter: string; q: string } };

const LOOK_AGAIN_MS = 700;

export const isOver = (state: string) => state !== "QUEUED" && state !== "RUNNING";

/** Does the same to many contacts: at once if they are few, else while one watches. */
export function useBatch() {
  const client = useQueryClient();
  const [name, setName] = useState("");
  const start = useMutation({
    mutationFn: ({ chosen, change, notify }: { chosen: Chosen; change?: BatchChange; notify?: boolean }) =>
      answer<ContactBatch>(
        change
          ? api.POST("/v1/contacts:batchUpdate", { body: { ...chosen, change, notify } })
          : api.POST("/v1/contacts:batchDelete", { body: chosen }),
      ),
    onSuccess: (batch) => {
      client.setQueryData(keys.one(batch.name), batch);
      setName(batch.name);
    },
  });
  const batch = useQuery({
    queryKey: keys.one(name),
    queryFn: async () => {
      const params = { path: { contact_batch: idOf(name) } };
      const now = await answer<ContactBatch>(api.GET("/v1/contactBatches/{contact_batch}", { params }));
      if (isOver(now.state)) void client.invalidateQueries({ queryKey: ["contacts"] });
      return now;
    },
    enabled: name !== "",
    refetchInterval: ({ state: { data } }) => (data && isOver(data.state) ? false : LOOK_AGAIN_MS),
  }).data;
  const cancel = () => {
    const params = { path: { contact_batch: idOf(name) } };
    void answer(api.POST("/v1/contactBatches/{contact_batch}:cancel", { params, body: {} }));
  };
  return { start: start.mutate, starting: start.isPending, error: start.error, batch, cancel };
}
