import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { invoiceNamed } from "../api/queries";
import { PageUnavailable } from "../kit/EmptyState";
import { Flash } from "../kit/Flash";
import { RecordPage, Section } from "../kit/RecordPage";
import { DeleteInvoice, InvoiceMenu } from "./InvoiceActions";
import { InvoiceFacts, InvoiceLines } from "./InvoiceDetails";
import { StateBadge } from "./StateBadge";

/** Everything about one invoice. */
export function InvoicePage() {
  const { t } = useTranslation("invoicing");
  const { id } = useParams({ from: "/frame/invoices/$id" });
  const navigate = useNavigate();
  const { data: invoice, error, refetch } = useQuery(invoiceNamed(`invoices/${id}`));
  const [deleting, setDeleting] = useState(false);
  if (error) return <PageUnavailable error={error} onRetry={() => void refetch()} />;
  if (!invoice) return <Skeleton height={320} m="lg" maw={1000} />;
  const edit = { label: t("editShort"), act: () => void navigate({ to: "/invoices/$id/edit", params: { id } }) };
  return (
    <RecordPage
      title={invoice.number}
      subtitle={invoice.clientDisplayName}
      badge={<StateBadge state={invoice.state} />}
      edit={invoice.state === "DRAFT" ? edit : undefined}
      menu={<InvoiceMenu invoice={invoice} onDelete={() => setDeleting(true)} />}
    >
      <Flash record={invoice}>
        <Section title={t("section.facts")}>
          <InvoiceFacts invoice={invoice} />
        </Section>
        <Section title={t("field.lines")}>
          <InvoiceLines invoice={invoice} />
        </Section>
      </Flash>
      {deleting && (
        <DeleteInvoice
          invoice={invoice}
          onDone={() => void navigate({ to: "/invoices" })}
          onClose={() => setDeleting(false)}
        />
      )}
    </RecordPage>
  );
}
