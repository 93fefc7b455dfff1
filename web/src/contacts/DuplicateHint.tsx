import { Alert, Anchor } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconUsersGroup } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Fragment, type ReactNode } from "react";
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

/** Who may be the same as the contact that somebody types; asked politely, when the typing pauses. */
export function useDuplicates(values: ContactValues, wanted: boolean): DuplicateMatch[] {
  const [asked] = useDebouncedValue(JSON.stringify(traits(values) ?? null), 500);
  const enabled = wanted && asked !== "null";
  const found = useQuery({
    queryKey: ["contacts", "duplicates", asked],
    queryFn: () => {
      const body = { contact: JSON.parse(asked) as Contact };
      return answer<{ matches: DuplicateMatch[] }>(api.POST("/v1/contacts:findDuplicates", { body }));
    },
    enabled,
    // Typing goes on whether this works or not.
    retry: false,
    placeholderData: keepPreviousData,
  });
  return enabled ? (found.data?.matches ?? []) : [];
}

type Props = { matches: DuplicateMatch[]; reason: DuplicateMatch["reasons"][number]; children: ReactNode };

/** Fields, and beside them those contacts that have the same in them. */
export function DuplicateHint({ matches, reason, children }: Props) {
  const { t } = useTranslation("contacts");
  const alike = matches.filter(({ reasons }) => reasons.includes(reason));
  return (
    <div>
      {children}
      <div role="status">
        {alike.length > 0 && (
          <Alert color="yellow" mt={6} p="xs" icon={<IconUsersGroup />} title={t("duplicates.maybe")}>
            {alike.slice(0, SHOWN).map(({ contact }, index) => (
              <Fragment key={contact.name}>
                {index > 0 && ", "}
                <Anchor href={`/${contact.name}`} target="_blank" rel="noopener" inherit>
                  {contact.displayName}
                </Anchor>
              </Fragment>
            ))}{" "}
            <span className="quiet">({t(`duplicates.${reason}`)})</span>
          </Alert>
        )}
      </div>
    </div>
  );
}
