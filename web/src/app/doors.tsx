import { createRootRoute, createRoute, lazyRouteComponent, Outlet } from "@tanstack/react-router";

import { oneOf } from "../kit/listSearch";
import { PageError } from "./ErrorPage";
import { withTexts } from "./i18n";

/** A page that is fetched, with its texts, when it is opened. */
export const page: typeof lazyRouteComponent = (load, name) => lazyRouteComponent(withTexts(load), name);

export const text = (value: unknown) => (typeof value === "string" && value ? value : undefined);
export const number = (value: unknown) => (value === undefined ? undefined : text(String(value)));

/** Why somebody finds himself in front of the door. */
const SIGN_IN_NOTES = ["expired", "reset"] as const;
type SignInNote = (typeof SIGN_IN_NOTES)[number];

export const root = createRootRoute({ component: Outlet, errorComponent: PageError });

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (raw): { from?: string; note?: SignInNote; refused?: string } => ({
    from: text(raw.from),
    note: oneOf(SIGN_IN_NOTES, raw.note),
    refused: text(raw.refused),
  }),
  component: page(() => import("../identity/SignIn"), "SignIn"),
});

const setUp = createRoute({
  getParentRoute: () => root,
  path: "/set-up",
  component: page(() => import("../identity/SetUp"), "SetUp"),
});

const forgotPassword = createRoute({
  getParentRoute: () => root,
  path: "/forgot-password",
  component: page(() => import("../identity/ForgotPassword"), "ForgotPassword"),
});

const passwordReset = createRoute({
  getParentRoute: () => root,
  path: "/password-reset",
  component: page(() => import("../identity/PasswordReset"), "PasswordReset"),
});

const invitation = createRoute({
  getParentRoute: () => root,
  path: "/invitation",
  component: page(() => import("../identity/Invitation"), "Invitation"),
});

/** The pages in front of the door. */
export const doors = [signIn, setUp, forgotPassword, passwordReset, invitation] as const;
