import { Button, Divider, Group, Skeleton, Stack } from "@mantine/core";
import { IconFileInvoice, IconPencil } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { contactNamed, me } from "../api/queries";
import { Unavailable } from "../kit/EmptyState";
import { Flash } from "../kit/Flash";
import { SidePanel } from "../kit/SidePanel";
import { ContactMenu } from "./ContactMenu";
import DeleteContact from "./DeleteContact";
import MergeDialog from "./MergeDialog";
import { mayChange } from "./rights";
import { ContactAccess, ContactDetails } from "./ContactDetails";

/** A contact beside the list. */
export default function ContactPanel({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation("contacts");
  const { data: contact, error, refetch } = useQuery(contactNamed(`contacts/${id}`));
  const [deleting, setDeleting] = useState(false);
  const [merging, setMerging] = useState(false);
  const mayEdit = mayChange(contact ?? { managers: [], sharing: "PRIVATE" }, useQuery(me).data);
  return (
    <SidePanel
      title={contact?.displayName ?? t("title.ALL")}
      to="/contacts/$id"
      id={id}
      menu={
        contact && <ContactMenu contact={contact} onDelete={() => setDeleting(true)} onMerge={() => setMerging(true)} />
      }
      onClose={onClose}
    >
      {error && <Unavailable error={error} onRetry={() => void refetch()} />}
      {!contact && !error && <Skeleton height={180} />}
      {contact && !error && (
        <Flash record={contact}>
          <Stack>
            <Group gap="xs">
              {mayEdit && (
                <Button
                  size="xs"
                  variant="default"
                  component={Link}
                  to={`/contacts/${id}/edit` as "/"}
                  leftSection={<IconPencil size={14} />}
                >
                  {t("editShort")}
                </Button>
              )}
              <Button
                size="xs"
                variant="default"
                component={Link}
                to="/invoices/new"
                search={{ client: id } as never}
                leftSection={<IconFileInvoice size={14} />}
              >
                {t("createInvoice")}
              </Button>
            </Group>
            <ContactDetails contact={contact} />
            <Divider />
            <ContactAccess contact={contact} />
          </Stack>
        </Flash>
      )}
      {merging && contact && (
        <MergeDialog contact={contact} onDone={() => setMerging(false)} onClose={() => setMerging(false)} />
      )}
      {deleting && contact && <DeleteContact contact={contact} onDone={onClose} onClose={() => setDeleting(false)} />}
    </SidePanel>
  );
}
