import { Stack } from "@mantine/core";
import { IconAddressBook, IconCalendarEvent, IconFileInvoice, IconSettings } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useRouterState } from "@tanstack/react-router";
import clsx from "clsx";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { me } from "../api/queries";
import { administersCrm } from "../kit/roles";
import classes from "./Frame.module.css";
import { settingsOf } from "./settings";

type Place = { to?: string; nested?: boolean; kind?: "COMPANY" | "PERSON"; label: string; icon?: ReactNode };

/** The sections of the CRM. */
function useCrm(): Place[] {
  const { t } = useTranslation();
  const { data: user } = useQuery(me);
  return [
    { to: "/contacts", label: t("nav.contacts"), icon: <IconAddressBook size={18} aria-hidden /> },
    { to: "/contacts", kind: "COMPANY", label: t("nav.companies") },
    { to: "/contacts", kind: "PERSON", label: t("nav.persons") },
    ...(administersCrm(user) ? [{ to: "/mailings", label: t("nav.mailings") }] : []),
    { to: "/invoices", label: t("nav.invoices"), icon: <IconFileInvoice size={18} aria-hidden /> },
    { to: "/events", label: t("nav.events"), icon: <IconCalendarEvent size={18} aria-hidden /> },
    { to: "/settings", label: t("nav.settings"), icon: <IconSettings size={18} aria-hidden /> },
  ];
}

/** The tree of the settings, as far as one may open them. */
function useSettings(): Place[] {
  const { t } = useTranslation();
  const { data: user } = useQuery(me);
  return settingsOf(user).map(({ to, nested, label, icon: Icon }) => ({
    to,
    nested,
    label: t(`settings.${label}`),
    icon: Icon && <Icon size={18} aria-hidden />,
  }));
}

/** The menu of the module that one is in. */
export function Sidebar({ onChoose }: { onChoose?: () => void }) {
  const here = useRouterState({ select: ({ location }) => location });
  const { data: user } = useQuery(me);
  const [crm, settings] = [useCrm(), useSettings()];
  const kind = (here.search as { kind?: string }).kind;
  const places = here.pathname.startsWith("/settings") || user?.crmAccess === false ? settings : crm;
  return (
    <Stack gap={2} mt="sm">
      {places.map((place) => {
        if (!place.to)
          return (
            <div key={place.label} className={clsx(classes.link, classes.branch, !place.icon && classes.nested)}>
              {place.icon}
              <span>{place.label}</span>
            </div>
          );
        const onList = here.pathname === place.to && kind === place.kind;
        const chosen = onList || (here.pathname.startsWith(`${place.to}/`) && !place.kind);
        return (
          <Link
            key={place.label}
            to={place.to}
            search={place.kind ? { kind: place.kind } : {}}
            className={clsx(classes.link, place.nested ? classes.deep : !place.icon && classes.nested)}
            data-chosen={chosen || undefined}
            aria-current={onList ? "page" : undefined}
            activeProps={{}}
            onClick={onChoose}
          >
            {place.icon}
            <span>{place.label}</span>
          </Link>
        );
      })}
    </Stack>
  );
}
