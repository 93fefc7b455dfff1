import {
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
import { administersPortal } from "../kit/roles";

type Place = { to: string; label: SettingsLabel; icon?: Icon; all?: boolean };

type SettingsLabel = "people" | "groups" | "access" | "modules" | "integrations" | "mail" | "portal" | "audit";

/** The pages of the settings in the guide's order; those for `all` are not for administrators alone. */
const PLACES: Place[] = [
  { to: "/settings/users", label: "people", icon: IconUsers, all: true },
  { to: "/settings/groups", label: "groups", all: true },
  { to: "/settings/access", label: "access", icon: IconLock },
  { to: "/settings/modules", label: "modules", icon: IconToggleRight },
  { to: "/settings/integrations", label: "integrations", icon: IconPlugConnected, all: true },
  { to: "/settings/mail", label: "mail", icon: IconMail },
  { to: "/settings/portal", label: "portal", icon: IconWorld },
  { to: "/settings/audit", label: "audit", icon: IconHistory },
];

/** The settings that somebody may open. */
export function settingsOf(user: User | undefined) {
  return PLACES.filter(({ all }) => all || administersPortal(user));
}
