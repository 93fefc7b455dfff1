import { Anchor, Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { idOf } from "../api/client";
import { listOf } from "../api/queries";
import { Unavailable } from "../kit/EmptyState";
import { Section } from "../kit/RecordPage";
import classes from "./contacts.module.css";

/** Who works for a company. */
export function PersonsOfCompany({ company }: { company: string }) {
  const { t } = useTranslation("contacts");
  const persons = useQuery(listOf("contacts", { filter: `company = "${company}"`, pageSize: 100 }));
  return (
    <Section
      title={t("title.PERSON")}
      action={
        <Button
          size="xs"
          variant="default"
          component={Link}
          to="/contacts/new"
          search={{ kind: "PERSON", company: idOf(company) } as never}
          leftSection={<IconPlus size={14} />}
        >
          {t("addPerson")}
        </Button>
      }
    >
      {persons.error && <Unavailable error={persons.error} onRetry={() => void persons.refetch()} />}
      {persons.data?.records.length === 0 && <span className="quiet">{t("noPersons")}</span>}
      <ul className={classes.persons}>
        {persons.data?.records.map((person) => (
          <li key={person.name}>
            <Anchor component={Link} to={`/${person.name}` as "/"} inherit>
              {person.displayName}
            </Anchor>{" "}
            <span className="quiet">{person.jobTitle}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
