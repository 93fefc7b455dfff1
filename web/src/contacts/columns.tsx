import { Anchor } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import type { DataTableColumn } from "mantine-datatable";
import { useTranslation } from "react-i18next";

import type { Contact } from "../api/types";
import { formatDay } from "../kit/days";
import { UserNames } from "../kit/UserName";
import { ContactName } from "./ContactName";
import { shownPhone } from "./phones";
import { Titled } from "./Titled";

/** The columns besides the name that a list may show. */
export const COLUMNS = ["emails", "phones", "temperature", "type", "tags", "managers", "create_time"] as const;

export type Column = (typeof COLUMNS)[number];

const AT_FIRST_HIDDEN: Column[] = ["type"];

/** Which columns somebody does not want to see in this browser. */
export function useHiddenColumns() {
  return useLocalStorage<Column[]>({
    key: "rapport.columns.contacts",
    defaultValue: AT_FIRST_HIDDEN,
    getInitialValueInEffect: false,
  });
}

export const primaryOf = <T extends { primary: boolean }>(items: T[]) => items.find((item) => item.primary) ?? items[0];

function Phone({ contact }: { contact: Contact }) {
  const phone = primaryOf(contact.phones);
  if (!phone) return null;
  return (
    <Anchor
      href={`tel:${phone.value}`}
      className="numeric"
      c="inherit"
      inherit
      onClick={(event) => event.stopPropagation()}
    >
      {shownPhone(phone)}
    </Anchor>
  );
}

const WIDE: Record<Column, string> = {
  emails: "(min-width: 62em)",
  phones: "(min-width: 48em)",
  temperature: "(min-width: 68em)",
  type: "(min-width: 68em)",
  tags: "(min-width: 78em)",
  managers: "(min-width: 86em)",
  create_time: "(min-width: 68em)",
};

/** The columns of the list; beside a panel there is room for the name and ways to reach the contact only. */
export function useColumns(beside: boolean, hidden: Column[]): DataTableColumn<Contact>[] {
  const { t } = useTranslation("contacts");
  const all: (DataTableColumn<Contact> & { accessor: Column })[] = [
    {
      accessor: "emails",
      title: t("field.emails"),
      width: 200,
      ellipsis: true,
      render: ({ emails }) => <span title={primaryOf(emails)?.value}>{primaryOf(emails)?.value}</span>,
    },
    {
      accessor: "phones",
      title: t("field.phones"),
      width: 155,
      ellipsis: true,
      render: (contact) => <Phone contact={contact} />,
    },
    {
      accessor: "temperature",
      title: t("temperature"),
      width: 120,
      ellipsis: true,
      sortable: true,
      render: ({ temperature }) => temperature && <Titled name={temperature} />,
    },
    {
      accessor: "type",
      title: t("field.type"),
      width: 140,
      ellipsis: true,
      render: ({ type }) => type && <Titled name={type} />,
    },
    {
      accessor: "tags",
      title: t("field.tags"),
      width: 120,
      ellipsis: true,
      render: ({ tags }) => <span title={tags.join(", ")}>{tags.join(", ")}</span>,
    },
    {
      accessor: "managers",
      title: t("field.managers"),
      width: 150,
      ellipsis: true,
      render: ({ managers }) => <UserNames names={managers} />,
    },
    {
      accessor: "create_time",
      title: t("created"),
      width: 120,
      sortable: true,
      render: ({ createTime }) => <span className="numeric">{formatDay(createTime.slice(0, 10))}</span>,
    },
  ];
  const roomFor = (column: Column) => !beside || column === "phones" || column === "emails";
  return [
    {
      accessor: "display_name",
      title: t("field.displayName"),
      sortable: true,
      render: (contact) => <ContactName contact={contact} link />,
    },
    ...all
      .filter(({ accessor }) => !hidden.includes(accessor) && roomFor(accessor))
      .map((column) => ({
        ...column,
        visibleMediaQuery: beside && column.accessor === "emails" ? "(min-width: 85em)" : WIDE[column.accessor],
      })),
  ];
}
