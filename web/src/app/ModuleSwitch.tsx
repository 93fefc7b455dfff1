import { Menu, UnstyledButton } from "@mantine/core";
import { IconAddressBook, IconChevronDown, IconFileInvoice } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import classes from "./Frame.module.css";
import { Logo } from "./Logo";

/** Top left on every page: where one is, and what else there is. */
export function ModuleSwitch() {
  const { t } = useTranslation();
  return (
    <Menu position="bottom-start" width={220}>
      <Menu.Target>
        <UnstyledButton className={classes.module}>
          <Logo />
          {t("module.crm")}
          <IconChevronDown size={14} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("module.crm")}</Menu.Label>
        <Menu.Item component={Link} to="/contacts" leftSection={<IconAddressBook size={16} />}>
          {t("nav.contacts")}
        </Menu.Item>
        <Menu.Item component={Link} to="/invoices" leftSection={<IconFileInvoice size={16} />}>
          {t("nav.invoices")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
