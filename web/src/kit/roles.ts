import type { User } from "../api/types";

/** Whether somebody decides about people, rights and the portal. */
export function administersPortal(user: Pick<User, "role"> | undefined) {
  return user?.role === "OWNER" || user?.role === "PORTAL_ADMIN";
}
