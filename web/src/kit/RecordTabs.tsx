import { Tabs } from "@mantine/core";
import { useNavigate, useRouterState } from "@tanstack/react-router";
import type { ReactNode } from "react";

import classes from "./RecordPage.module.css";

type Tab = { value: string; label: string; content: ReactNode };

/** The parts of a record's page, one at a time; the address says which. */
export function RecordTabs({ tabs }: { tabs: Tab[] }) {
  const navigate = useNavigate();
  const wanted = useRouterState({ select: ({ location }) => (location.search as { tab?: string }).tab });
  const first = tabs[0]?.value ?? "";
  const chosen = tabs.some(({ value }) => value === wanted) ? wanted : first;
  const open = (tab: string | null) =>
    void navigate({ to: ".", search: { tab: tab === first ? undefined : (tab ?? undefined) } as never });
  return (
    <Tabs value={chosen} onChange={open} keepMounted={false}>
      <Tabs.List className={classes.tabs}>
        {tabs.map(({ value, label }) => (
          <Tabs.Tab key={value} value={value}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ value, content }) => (
        <Tabs.Panel key={value} value={value}>
          {content}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
