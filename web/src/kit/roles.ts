import type { User } from "../api/types";

/** Whether somebody sees everything in the CRM. */
export function administersCrm(user: Pick<User, "role"> | undefined) {
  return user?.role === "CRM_ADMIN" || administersPortal(user);
}

/** Whether somebody decides about people, rights and the portal. */
export function administersPortal(user: Pick<User, "role"> | undefined) {
  return user?.role === "OWNER" || user?.role === "PORTAL_ADMIN";
}
