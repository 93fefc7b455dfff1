import { Menu } from "@mantine/core";
import {
  IconArrowMerge,
  IconExternalLink,
  IconFileInvoice,
  IconHistory,
  IconPencil,
  IconTrash,
  IconUserPlus,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { idOf } from "../api/client";
import { me } from "../api/queries";
import type { Contact } from "../api/types";
import { administersCrm } from "../kit/roles";
import { mayChange } from "./rights";

type MenuProps = { contact: Contact; onDelete: () => void; onMerge: () => void };

/** The items of a contact's ⋯ menu, in the guide's words. */
export function ContactMenu({ contact, onDelete, onMerge }: MenuProps) {
  const { t } = useTranslation("contacts");
  const id = idOf(contact.name);
  const { data: user } = useQuery(me);
  const administrator = administersCrm(user);
  const mayEdit = mayChange(contact, user);
  return (
    <>
      <Menu.Item
        component="a"
        href={`/${contact.name}`}
        target="_blank"
        rel="noopener"
        leftSection={<IconExternalLink size={16} />}
      >
        {t("newTab")}
      </Menu.Item>
      {contact.kind === "COMPANY" && (
        <Menu.Item
          component={Link}
          to="/contacts/new"
          search={{ kind: "PERSON", company: id } as never}
          leftSection={<IconUserPlus size={16} />}
        >
          {t("addPerson")}
        </Menu.Item>
      )}
      <Menu.Item
        component={Link}
        to="/invoices/new"
        search={{ client: id } as never}
        leftSection={<IconFileInvoice size={16} />}
      >
        {t("createInvoice")}
      </Menu.Item>
      {mayEdit && (
        <Menu.Item component={Link} to={`/contacts/${id}/edit` as "/"} leftSection={<IconPencil size={16} />}>
          {t(`edit.${contact.kind}`)}
        </Menu.Item>
      )}
      {administrator && (
        <Menu.Item
          component={Link}
          to="/settings/audit"
          search={{ resource: contact.name } as never}
          leftSection={<IconHistory size={16} />}
        >
          {t("history")}
        </Menu.Item>
      )}
      {mayEdit && (
        <>
          <Menu.Item leftSection={<IconArrowMerge size={16} />} onClick={onMerge}>
            {t("duplicate")}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item className="danger" leftSection={<IconTrash size={16} />} onClick={onDelete}>
            {t(`delete.${contact.kind}`)}
          </Menu.Item>
        </>
      )}
    </>
  );
}
