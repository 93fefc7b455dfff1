import { Alert, Anchor, List } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconUsersGroup } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { answer, api } from "../api/client";
import type { Contact, DuplicateMatch } from "../api/types";
import type { ContactValues } from "./values";

const SHOWN = 5;

/** What of a form tells two contacts apart; nothing until there is enough of it. */
function traits({ kind, firstName, lastName, companyName, emails, phones }: ContactValues) {
  const filled = <T extends { value: string }>(items: T[]) => items.filter(({ value }) => value.trim().length > 4);
  const named = kind === "COMPANY" ? companyName.trim().length > 2 : firstName.trim() !== "" && lastName.trim() !== "";
  const [mails, numbers] = [filled(emails), filled(phones)];
  if (!named && mails.length + numbers.length === 0) return undefined;
  const names = !named ? {} : kind === "COMPANY" ? { companyName } : { firstName, lastName };
  return { kind, ...names, emails: mails, phones: numbers };
}

/** Says politely, while somebody types, that the contact may be there already. */
export function DuplicateHint({ values }: { values: ContactValues }) {
  const { t } = useTranslation("contacts");
  const [asked] = useDebouncedValue(JSON.stringify(traits(values) ?? null), 500);
  const found = useQuery({
    queryKey: ["contacts", "duplicates", asked],
    queryFn: () => {
      const body = { contact: JSON.parse(asked) as Contact };
      return answer<{ matches: DuplicateMatch[] }>(api.POST("/v1/contacts:findDuplicates", { body }));
    },
    enabled: asked !== "null",
    // Typing goes on whether this works or not.
    retry: false,
    placeholderData: keepPreviousData,
  });
  const matches = asked === "null" ? [] : (found.data?.matches ?? []);
  return (
    <div role="status">
      {matches.length > 0 && (
        <Alert color="yellow" icon={<IconUsersGroup />} title={t("duplicates.maybe")}>
          <List size="sm" listStyleType="none" spacing={2}>
            {matches.slice(0, SHOWN).map(({ contact, reasons }) => (
              <List.Item key={contact.name}>
                <Anchor href={`/${contact.name}`} target="_blank" rel="noopener" inherit>
                  {contact.displayName}
                </Anchor>{" "}
                <span className="quiet">{reasons.map((reason) => t(`duplicates.${reason}`)).join(", ")}</span>
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
    </div>
  );
}
