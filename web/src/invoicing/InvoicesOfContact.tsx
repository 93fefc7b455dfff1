import { Anchor, Button, Skeleton } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { idOf } from "../api/client";
import { listOf } from "../api/queries";
import type { Invoice } from "../api/types";
import { formatDay } from "../kit/days";
import { Unavailable } from "../kit/EmptyState";
import { formatMoney } from "../kit/money";
import { Section } from "../kit/RecordPage";
import classes from "./invoicing.module.css";
import { invoiceFilter } from "./search";
import { StateBadge } from "./StateBadge";

const SHOWN = 10;

function Row({ invoice }: { invoice: Invoice }) {
  const { i18n } = useTranslation();
  return (
    <li className={classes.listRow}>
      <Anchor component={Link} to={`/${invoice.name}` as "/"} inherit fw={500}>
        {invoice.number}
      </Anchor>
      <span className="numeric quiet">{formatDay(invoice.issueDate)}</span>
      <span className="numeric">{formatMoney(invoice.total, i18n.language)}</span>
      <StateBadge state={invoice.state} />
    </li>
  );
}

/** The invoices made out to one contact; the page of the contact shows them. */
export function InvoicesOfContact({ contact }: { contact: string }) {
  const { t } = useTranslation("invoicing");
  const client = idOf(contact);
  const { data, error, refetch } = useQuery(listOf("invoices", { filter: invoiceFilter({ client }), pageSize: SHOWN }));
  return (
    <Section
      title={t("title")}
      action={
        <Button
          size="xs"
          variant="default"
          component={Link}
          to="/invoices/new"
          search={{ client } as never}
          leftSection={<IconPlus size={14} />}
        >
          {t("create")}
        </Button>
      }
    >
      {error && !data && <Unavailable error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton height={60} />}
      {data?.records.length === 0 && <span className="quiet">{t("noneForContact")}</span>}
      <ul style={{ listStyle: "none", margin: 0, padding: 0 }}>
        {data?.records.map((invoice) => (
          <Row key={invoice.name} invoice={invoice} />
        ))}
      </ul>
      {data && data.totalSize > SHOWN && (
        <Anchor component={Link} to="/invoices" search={{ client } as never} size="sm">
          {t("showAll", { count: data.totalSize })}
        </Anchor>
      )}
    </Section>
  );
}
