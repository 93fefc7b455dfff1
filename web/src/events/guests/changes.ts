import { useMutation, useQueryClient } from "@tanstack/react-query";

import { keys } from "../../api/queries";
import { tellError } from "../../kit/toasts";

/** What follows from a change of guests: the event, its guests, lists of events, and the history. */
export function useRefresh(event: string) {
  const client = useQueryClient();
  return async () => {
    for (const collection of ["events", "historyEntries"])
      void client.invalidateQueries({ queryKey: keys.lists(collection) });
    await client.invalidateQueries({ queryKey: keys.one(event) });
  };
}

/** Does one thing to guests of an event, and shows what became of it. */
export function useGuestChange(event: string) {
  const refresh = useRefresh(event);
  return useMutation({
    mutationFn: (make: () => Promise<unknown>) => make(),
    onSuccess: () => void refresh(),
    onError: tellError,
  });
}
