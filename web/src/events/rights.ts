import type { Event, User } from "../api/types";
import { administersCrm } from "../kit/roles";

/** Whether somebody may say who sees an event; whoever sees it changes everything else. The API has the last word. */
export function maySayWho(event: Pick<Event, "creator">, me: User | undefined) {
  return me !== undefined && (event.creator === me.name || administersCrm(me));
}
