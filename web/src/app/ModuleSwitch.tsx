import { Menu, UnstyledButton } from "@mantine/core";
import { IconAddressBook, IconChevronDown, IconSettings, IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useRouterState } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { me } from "../api/queries";
import classes from "./Frame.module.css";
import { PortalLogo, usePortalTitle } from "./PortalLogo";

/** Top left on every page: where one is, and what else there is. */
export function ModuleSwitch() {
  const { t } = useTranslation();
  const { data: user } = useQuery(me);
  const title = usePortalTitle();
  const inSettings = useRouterState({ select: ({ location }) => location.pathname.startsWith("/settings") });
  return (
    <Menu position="bottom-start" width={220}>
      <Menu.Target>
        <UnstyledButton className={classes.module}>
          <PortalLogo size={28} />
          <span className={classes.moduleText}>
            <span className={classes.portal}>{title}</span>
            {inSettings ? t("module.settings") : t("module.crm")}
          </span>
          <IconChevronDown size={14} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("modules")}</Menu.Label>
        {user?.crmAccess !== false && (
          <Menu.Item component={Link} to="/contacts" leftSection={<IconAddressBook size={16} />}>
            {t("module.crm")}
          </Menu.Item>
        )}
        <Menu.Item component={Link} to="/settings/users" leftSection={<IconUsers size={16} />}>
          {t("module.people")}
        </Menu.Item>
        <Menu.Item component={Link} to="/settings" leftSection={<IconSettings size={16} />}>
          {t("module.settings")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
