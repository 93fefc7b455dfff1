import { ActionIcon, Button, Group, Menu, Text, Title } from "@mantine/core";
import { IconDots, IconPencil } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useShortcuts } from "./keys";
import { PageTitle } from "./PageTitle";
import classes from "./RecordPage.module.css";

type Props = {
  title: string;
  subtitle?: ReactNode;
  mark?: ReactNode;
  badge?: ReactNode;
  edit?: { label: string; act: () => void };
  menu?: ReactNode;
  children: ReactNode;
};

/** The page of one record: what it is called, what can be done with it, and everything known of it. */
export function RecordPage({ title, subtitle, mark, badge, edit, menu, children }: Props) {
  const { t } = useTranslation("kit");
  useShortcuts(edit ? [["E", edit.act]] : []);
  return (
    <div className={classes.page}>
      <PageTitle title={title} />
      <div className={classes.top}>
        {mark}
        <div className={classes.heading}>
          <Group gap="sm">
            <Title order={1} className="anywhere">
              {title}
            </Title>
            {badge}
          </Group>
          <Text size="sm" component="div" className="quiet">
            {subtitle}
          </Text>
        </div>
        <Group wrap="nowrap" className={classes.acts}>
          {edit && (
            <>
              <Button visibleFrom="sm" variant="default" leftSection={<IconPencil size={16} />} onClick={edit.act}>
                {edit.label}
              </Button>
              <ActionIcon hiddenFrom="sm" variant="default" size={36} aria-label={edit.label} onClick={edit.act}>
                <IconPencil size={18} />
              </ActionIcon>
            </>
          )}
          {menu && (
            <Menu position="bottom-end">
              <Menu.Target>
                <ActionIcon variant="default" size={36} aria-label={t("actionsFor", { title })}>
                  <IconDots size={18} />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>{menu}</Menu.Dropdown>
            </Menu>
          )}
        </Group>
      </div>
      {children}
    </div>
  );
}

export function Section({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <section className={classes.section}>
      <Group justify="space-between" mb="sm">
        <Title order={2}>{title}</Title>
        {action}
      </Group>
      {children}
    </section>
  );
}
