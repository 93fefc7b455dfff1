import { ActionIcon, CloseButton, Group, Menu, ScrollArea, Tooltip } from "@mantine/core";
import { IconArrowsDiagonal, IconDots } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import classes from "./SidePanel.module.css";

type Props = {
  title: string;
  to: "/contacts/$id" | "/invoices/$id" | "/events/$id";
  id: string;
  menu?: ReactNode;
  onClose: () => void;
  children: ReactNode;
};

/** One record beside its list; the list stays where it was. */
export function SidePanel({ title, to, id, menu, onClose, children }: Props) {
  const { t } = useTranslation("kit");
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    const close = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !document.querySelector("[aria-modal=true], [role=menu]")) onClose();
    };
    document.addEventListener("keydown", close);
    return () => document.removeEventListener("keydown", close);
  }, [onClose]);
  return (
    <aside className={classes.panel} aria-label={title} ref={panel}>
      <Group gap={4} className={classes.bar} wrap="nowrap">
        <h2 className={classes.title}>{title}</h2>
        <Tooltip label={t("openPage")}>
          <ActionIcon
            component={Link}
            to={to}
            params={{ id } as never}
            variant="subtle"
            color="gray"
            aria-label={t("openPage")}
          >
            <IconArrowsDiagonal size={18} />
          </ActionIcon>
        </Tooltip>
        {menu && (
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon variant="subtle" color="gray" aria-label={t("actionsFor", { title })}>
                <IconDots size={18} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>{menu}</Menu.Dropdown>
          </Menu>
        )}
        <CloseButton onClick={onClose} />
      </Group>
      <ScrollArea className={classes.body} viewportProps={{ tabIndex: 0, "aria-label": title, role: "group" }}>
        <div className={classes.content}>{children}</div>
      </ScrollArea>
    </aside>
  );
}
