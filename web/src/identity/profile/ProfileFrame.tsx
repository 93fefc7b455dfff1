import { Tabs } from "@mantine/core";
import { Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { SettingsPage } from "../../kit/SettingsPage";

const TABS = {
  "/profile": "profile",
  "/profile/security": "security",
  "/profile/notifications": "notifications",
} as const;

/** Everything that people set for themselves. */
export function ProfileFrame() {
  const { t } = useTranslation("profile");
  const navigate = useNavigate();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  return (
    <SettingsPage title={t("title")}>
      <Tabs value={path} onChange={(to) => void navigate({ to: to ?? "/profile" })} keepMounted={false}>
        <Tabs.List mb="md">
          {Object.entries(TABS).map(([to, tab]) => (
            <Tabs.Tab key={to} value={to}>
              {t(`tab.${tab}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {Object.keys(TABS).map((to) => (
          <Tabs.Panel key={to} value={to}>
            <Outlet />
          </Tabs.Panel>
        ))}
      </Tabs>
    </SettingsPage>
  );
}
