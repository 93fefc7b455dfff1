import type { Custom } from "../api/types";

/** In one order, so that two of the same content are the same. Nothing, and a box that is not ticked, are no values. */
export function tidyCustom(custom: Custom): Custom {
  return Object.fromEntries(
    Object.entries(custom)
      .filter(([, value]) => value !== "" && value !== false)
      .sort(([one], [other]) => one.localeCompare(other)),
  );
}
