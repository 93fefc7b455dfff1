import { Menu } from "@mantine/core";
import { IconExternalLink, IconPencil, IconTrash } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { invoiceNamed } from "../api/queries";
import type { Invoice } from "../api/types";
import { DeleteDialog } from "../kit/DeleteDialog";
import { deleteInvoice } from "./calls";

/** The items of an invoice's ⋯ menu, in the guide's words. Only drafts can be edited. */
export function InvoiceMenu({ invoice, onDelete }: { invoice: Invoice; onDelete: () => void }) {
  const { t } = useTranslation("invoicing");
  return (
    <>
      <Menu.Item
        component="a"
        href={`/${invoice.name}`}
        target="_blank"
        rel="noopener"
        leftSection={<IconExternalLink size={16} />}
      >
        {t("newTab")}
      </Menu.Item>
      {invoice.state === "DRAFT" && (
        <Menu.Item component={Link} to={`/${invoice.name}/edit` as "/"} leftSection={<IconPencil size={16} />}>
          {t("edit")}
        </Menu.Item>
      )}
      <Menu.Divider />
      <Menu.Item className="danger" leftSection={<IconTrash size={16} />} onClick={onDelete}>
        {t("delete.action")}
      </Menu.Item>
    </>
  );
}

type DialogProps = { invoice: Invoice; onDone: () => void; onClose: () => void };

/** Asks before an invoice is deleted. */
export function DeleteInvoice({ invoice, onDone, onClose }: DialogProps) {
  const { t } = useTranslation("invoicing");
  const client = useQueryClient();
  const { number } = invoice;
  return (
    <DeleteDialog
      record={invoice}
      title={t("delete.title", { number })}
      consequence={t("delete.consequence", { number, client: invoice.clientDisplayName })}
      done={t("delete.done", { number })}
      remove={deleteInvoice}
      fetchLatest={(name) => client.fetchQuery({ ...invoiceNamed(name), staleTime: 0 })}
      onDone={onDone}
      onClose={onClose}
    />
  );
}
