import { Alert, Anchor } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { portal } from "../api/queries";

/** Tells administrators, for whom nothing changes, that the CRM is switched off for all others. */
export function CrmOff() {
  const { t } = useTranslation();
  if (useQuery(portal).data?.crmEnabled !== false) return null;
  return (
    <Alert color="yellow" radius={0} py="xs" icon={<IconInfoCircle />} role="status">
      {t("crmOff")}{" "}
      <Anchor component={Link} to="/settings/modules" inherit>
        {t("settings.modules")}
      </Anchor>
    </Alert>
  );
}
