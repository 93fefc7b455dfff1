import { Divider, Skeleton, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { invoiceNamed } from "../api/queries";
import { Unavailable } from "../kit/EmptyState";
import { Flash } from "../kit/Flash";
import { SidePanel } from "../kit/SidePanel";
import { DeleteInvoice, InvoiceMenu } from "./InvoiceActions";
import { InvoiceFacts, InvoiceLines } from "./InvoiceDetails";

/** An invoice beside the list. */
export function InvoicePanel({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation("invoicing");
  const { data: invoice, error, refetch } = useQuery(invoiceNamed(`invoices/${id}`));
  const [deleting, setDeleting] = useState(false);
  return (
    <SidePanel
      title={invoice?.number ?? t("title")}
      to="/invoices/$id"
      id={id}
      menu={invoice && <InvoiceMenu invoice={invoice} onDelete={() => setDeleting(true)} />}
      onClose={onClose}
    >
      {error && <Unavailable error={error} onRetry={() => void refetch()} />}
      {!invoice && !error && <Skeleton height={180} />}
      {invoice && !error && (
        <Flash record={invoice}>
          <Stack>
            <InvoiceFacts invoice={invoice} />
            <Divider />
            <InvoiceLines invoice={invoice} />
          </Stack>
        </Flash>
      )}
      {deleting && invoice && <DeleteInvoice invoice={invoice} onDone={onClose} onClose={() => setDeleting(false)} />}
    </SidePanel>
  );
}
