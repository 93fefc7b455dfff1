import {
  IconAdjustments,
  IconHistory,
  IconLock,
  IconMail,
  IconPlugConnected,
  IconToggleRight,
  IconUsers,
  IconWorld,
  type Icon,
} from "@tabler/icons-react";

import type { User } from "../api/types";
import { administersCrm, administersPortal } from "../kit/roles";

type Place = {
  /** Nothing for what is only the title of those that follow. */
  to?: string;
  /** How deep in the tree. */
  nested?: boolean;
  label: SettingsLabel;
  icon?: Icon;
  may: (user: User | undefined) => boolean;
};

type SettingsLabel = keyof (typeof import("../locales/en/frame.json"))["settings"];

const everybody = () => true;

/** The pages of the settings in the guide's order, each with who may open it. */
const PLACES: Place[] = [
  { to: "/settings/users", label: "people", icon: IconUsers, may: everybody },
  { to: "/settings/groups", label: "groups", may: everybody },
  { to: "/settings/access", label: "access", icon: IconLock, may: administersPortal },
  { to: "/settings/modules", label: "modules", icon: IconToggleRight, may: administersPortal },
  { to: "/settings/integrations", label: "integrations", icon: IconPlugConnected, may: everybody },
  { to: "/settings/mail", label: "mail", icon: IconMail, may: administersPortal },
  { to: "/settings/portal", label: "portal", icon: IconWorld, may: administersPortal },
  { label: "crm", icon: IconAdjustments, may: administersCrm },
  { to: "/settings/common", label: "crmGeneral", may: administersCrm },
  { label: "contacts", may: administersCrm },
  { to: "/settings/temperature-levels", label: "temperatureLevels", nested: true, may: administersCrm },
  { to: "/settings/contact-types", label: "contactTypes", nested: true, may: administersCrm },
  { to: "/settings/contact-forms", label: "forms", may: administersCrm },
  { label: "other", may: administersCrm },
  { to: "/settings/fields", label: "fields", nested: true, may: administersCrm },
  { to: "/settings/history-categories", label: "historyCategories", nested: true, may: administersCrm },
  { to: "/settings/tags", label: "tags", nested: true, may: administersCrm },
  { to: "/settings/audit", label: "audit", icon: IconHistory, may: administersCrm },
];

/** Whether somebody may open a page; what is neither a page of the settings nor a mailing is not decided here. */
export function mayOpen(path: string, user: User | undefined) {
  if (user && /^\/mailings(\/|$)/.test(path)) return administersCrm(user);
  const place = PLACES.find(({ to }) => to && (path === to || path.startsWith(`${to}/`)));
  return !user || !place || place.may(user);
}

/** The settings that somebody may open. */
export function settingsOf(user: User | undefined) {
  return PLACES.filter(({ may }) => may(user));
}
