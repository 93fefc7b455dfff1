import { Stack } from "@mantine/core";
import { IconAddressBook, IconFileInvoice } from "@tabler/icons-react";
import { Link, useRouterState } from "@tanstack/react-router";
import clsx from "clsx";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import classes from "./Frame.module.css";

type Place = { to: "/contacts" | "/invoices"; kind?: "COMPANY" | "PERSON"; label: string; icon?: ReactNode };

/** The sections of the CRM. */
export function Sidebar({ onChoose }: { onChoose?: () => void }) {
  const { t } = useTranslation();
  const here = useRouterState({ select: ({ location }) => location });
  const kind = (here.search as { kind?: string }).kind;
  const places: Place[] = [
    { to: "/contacts", label: t("nav.contacts"), icon: <IconAddressBook size={18} aria-hidden /> },
    { to: "/contacts", kind: "COMPANY", label: t("nav.companies") },
    { to: "/contacts", kind: "PERSON", label: t("nav.persons") },
    { to: "/invoices", label: t("nav.invoices"), icon: <IconFileInvoice size={18} aria-hidden /> },
  ];
  return (
    <Stack gap={2} mt="sm">
      {places.map((place) => {
        const onList = here.pathname === place.to && kind === place.kind;
        const chosen = onList || (here.pathname.startsWith(`${place.to}/`) && !place.kind);
        return (
          <Link
            key={place.label}
            to={place.to}
            search={place.kind ? { kind: place.kind } : {}}
            className={clsx(classes.link, !place.icon && classes.nested)}
            data-chosen={chosen || undefined}
            aria-current={onList ? "page" : undefined}
            activeProps={{}}
            onClick={onChoose}
          >
            {place.icon}
            {place.label}
          </Link>
        );
      })}
    </Stack>
  );
}
