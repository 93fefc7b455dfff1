import { ActionIcon, AppShell, Burger, Group, Kbd, UnstyledButton } from "@mantine/core";
import { useDisclosure, useHotkeys, useMediaQuery } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Outlet, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { ErrorBoundary } from "react-error-boundary";
import { useTranslation } from "react-i18next";

import { me } from "../api/queries";
import { useShortcuts } from "../kit/keys";
import { administersCrm } from "../kit/roles";
import { Bell } from "../notifications/Bell";
import { AdminsOnly } from "./AdminsOnly";
import { useOwnTheme } from "./appearance";
import { CrmOff } from "./CrmOff";
import { CreateMenu } from "./CreateMenu";
import classes from "./Frame.module.css";
import { withTexts } from "./i18n";
import { LiveStatus } from "./LiveStatus";
import { MeMenu } from "./MeMenu";
import { ModuleSwitch } from "./ModuleSwitch";
import { NoCrm } from "./NoCrm";
import { PageError } from "./ErrorPage";
import { mayOpen } from "./settings";
import { Sidebar } from "./Sidebar";

const MenuDrawer = lazy(() => import("./MenuDrawer"));
const Palette = lazy(withTexts(() => import("./Palette")));
const KeyboardSheet = lazy(withTexts(() => import("./KeyboardSheet")));

/** Goes to the search box of the page; where there is none, to the palette. */
function focusSearch(openPalette: () => void) {
  const box = document.querySelector<HTMLInputElement>("[data-page-search]");
  if (box) box.focus();
  else openPalette();
}

/** Takes the keyboard and the screen reader along to a new page, unless the page itself knows a better place. */
function useFocusFollowingPage() {
  const path = useRouterState({ select: ({ resolvedLocation }) => resolvedLocation?.pathname });
  useEffect(() => {
    const content = document.getElementById("content");
    if (path && content && !content.contains(document.activeElement)) content.focus({ preventScroll: true });
  }, [path]);
}

/** What surrounds every page: module switch, menu, search, and whoever is signed in. */
export function Frame() {
  const { t } = useTranslation();
  const { data: user } = useQuery(me);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const [settings, profile] = [path.startsWith("/settings"), path.startsWith("/profile")];
  const crm = user?.crmAccess !== false;
  useOwnTheme(user?.theme);
  const phone = useMediaQuery("(max-width: 48em)", false, { getInitialValueInEffect: false });
  const [menuOpen, menu] = useDisclosure();
  const [sheetOpen, sheet] = useDisclosure();
  const [createOpen, setCreateOpen] = useState(false);
  // Counts how often the palette was asked for; at first it is not even loaded.
  const [asked, setAsked] = useState(0);
  const openPalette = () => crm && setAsked((times) => times + 1);

  useFocusFollowingPage();
  useHotkeys([["mod+K", openPalette, { usePhysicalKeys: true }]], []);
  useShortcuts([
    ["/", () => focusSearch(openPalette)],
    ["shift+/", sheet.open],
    ["C", () => crm && setCreateOpen(true)],
  ]);
  const create = <CreateMenu opened={createOpen} onChange={setCreateOpen} onChoose={menu.close} compact={phone} />;

  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 212, breakpoint: "sm", collapsed: { mobile: true } }}
      classNames={{ main: classes.main, navbar: classes.navbar, header: classes.header }}
    >
      <a href="#content" className="skip-link">
        {t("skip")}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" gap="sm" wrap="nowrap">
          <Burger hiddenFrom="sm" size="sm" opened={menuOpen} onClick={menu.toggle} aria-label={t("nav.open")} />
          <ModuleSwitch />
          <div className={classes.space} />
          {crm && (
            <>
              <UnstyledButton className={classes.search} onClick={openPalette} visibleFrom="sm">
                <IconSearch size={16} aria-hidden />
                <span className={classes.searchText}>{t("search")}</span>
                <Kbd size="xs">Ctrl K</Kbd>
              </UnstyledButton>
              <ActionIcon hiddenFrom="sm" variant="subtle" color="gray" onClick={openPalette} aria-label={t("search")}>
                <IconSearch size={20} />
              </ActionIcon>
            </>
          )}
          {phone && crm && !settings && create}
          <Bell />
          <MeMenu onKeys={sheet.open} />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-label={t("nav.label")}>
        {!phone && crm && !settings && create}
        <Sidebar />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        {crm && <LiveStatus />}
        {administersCrm(user) && <CrmOff />}
        <ErrorBoundary FallbackComponent={PageError}>
          <Suspense>
            {!mayOpen(path, user) ? <AdminsOnly /> : crm || settings || profile ? <Outlet /> : <NoCrm />}
          </Suspense>
        </ErrorBoundary>
      </AppShell.Main>
      <Suspense>
        {phone && <MenuDrawer opened={menuOpen} onClose={menu.close} />}
        {asked > 0 && <Palette asked={asked} />}
        {sheetOpen && <KeyboardSheet onClose={sheet.close} />}
      </Suspense>
    </AppShell>
  );
}
