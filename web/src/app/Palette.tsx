import "@mantine/spotlight/styles.css";

import { useDebouncedValue } from "@mantine/hooks";
import { Spotlight, spotlight } from "@mantine/spotlight";
import { IconBuilding, IconCalendarEvent, IconFileInvoice, IconPlus, IconSearch, IconUser } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { idOf } from "../api/client";
import { listOf } from "../api/queries";

/** Finds records by what was typed, the few best of each sort. */
function useFound(typed: string) {
  const [q] = useDebouncedValue(typed.trim(), 200);
  const options = { enabled: q !== "", placeholderData: keepPreviousData };
  const contacts = useQuery({ ...listOf("contacts", { q, pageSize: 6 }), ...options });
  const invoices = useQuery({ ...listOf("invoices", { q, pageSize: 4 }), ...options });
  const events = useQuery({ ...listOf("events", { q, pageSize: 4 }), ...options });
  const recordsOf = <T,>(found: { data?: { records: T[] } }) => (q ? (found.data?.records ?? []) : []);
  return { contacts: recordsOf(contacts), invoices: recordsOf(invoices), events: recordsOf(events) };
}

/** As people type it: `счет` finds `счёт`. */
const plain = (text: string) => text.toLowerCase().replaceAll("ё", "е");

/** What can be done from anywhere, as far as its name holds what was typed. */
function useActions(typed: string) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const go = (place: string) => t("palette.go", { place });
  const actions = [
    { label: t("palette.createPerson"), act: () => navigate({ to: "/contacts/new", search: { kind: "PERSON" } }) },
    { label: t("palette.createCompany"), act: () => navigate({ to: "/contacts/new", search: { kind: "COMPANY" } }) },
    { label: t("palette.createInvoice"), act: () => navigate({ to: "/invoices/new" }) },
    { label: t("palette.createEvent"), act: () => navigate({ to: "/events/new" }) },
    { label: go(t("nav.companies")), act: () => navigate({ to: "/contacts", search: { kind: "COMPANY" } }) },
    { label: go(t("nav.persons")), act: () => navigate({ to: "/contacts", search: { kind: "PERSON" } }) },
    { label: go(t("nav.invoices")), act: () => navigate({ to: "/invoices" }) },
    { label: go(t("nav.events")), act: () => navigate({ to: "/events" }) },
    { label: go(t("palette.calendar")), act: () => navigate({ to: "/events/calendar" }) },
  ];
  return actions.filter(({ label }) => plain(label).includes(plain(typed.trim())));
}

/** The palette: any record and any action in a few letters. Opens whenever `asked` grows. */
export default function Palette({ asked }: { asked: number }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const { contacts, invoices, events } = useFound(typed);
  const actions = useActions(typed);
  useEffect(() => spotlight.open(), [asked]);
  return (
    <Spotlight.Root query={typed} onQueryChange={setTyped} shortcut={null} scrollable maxHeight={440}>
      <Spotlight.Search
        placeholder={t("palette.placeholder")}
        aria-label={t("palette.placeholder")}
        leftSection={<IconSearch size={18} />}
      />
      <Spotlight.ActionsList>
        {contacts.length > 0 && (
          <Spotlight.ActionsGroup label={t("nav.contacts")}>
            {contacts.map((contact) => (
              <Spotlight.Action
                key={contact.name}
                label={contact.displayName}
                description={contact.companyDisplayName || contact.emails.find((email) => email.primary)?.value}
                leftSection={contact.kind === "COMPANY" ? <IconBuilding size={18} /> : <IconUser size={18} />}
                onClick={() => void navigate({ to: "/contacts/$id", params: { id: idOf(contact.name) } })}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {invoices.length > 0 && (
          <Spotlight.ActionsGroup label={t("nav.invoices")}>
            {invoices.map((invoice) => (
              <Spotlight.Action
                key={invoice.name}
                label={invoice.number}
                description={invoice.clientDisplayName}
                leftSection={<IconFileInvoice size={18} />}
                onClick={() => void navigate({ to: "/invoices/$id", params: { id: idOf(invoice.name) } })}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {events.length > 0 && (
          <Spotlight.ActionsGroup label={t("nav.events")}>
            {events.map((event) => (
              <Spotlight.Action
                key={event.name}
                label={event.title}
                leftSection={<IconCalendarEvent size={18} />}
                onClick={() => void navigate({ to: "/events/$id", params: { id: idOf(event.name) } })}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {actions.length > 0 && (
          <Spotlight.ActionsGroup label={t("palette.actions")}>
            {actions.map(({ label, act }) => (
              <Spotlight.Action
                key={label}
                label={label}
                leftSection={<IconPlus size={18} />}
                onClick={() => void act()}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {contacts.length + invoices.length + events.length + actions.length === 0 && (
          <Spotlight.Empty>{t("palette.nothing")}</Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
