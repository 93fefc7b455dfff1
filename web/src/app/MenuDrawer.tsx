import { Drawer } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { ModuleSwitch } from "./ModuleSwitch";
import { Sidebar } from "./Sidebar";

/** The menu on a phone, where it has no place of its own. */
export default function MenuDrawer({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Drawer opened={opened} onClose={onClose} size={260} title={<ModuleSwitch />}>
      <nav aria-label={t("nav.label")}>
        <Sidebar onChoose={onClose} />
      </nav>
    </Drawer>
  );
}
