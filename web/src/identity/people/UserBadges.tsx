import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { UserState } from "../../api/types";

const COLORS = { ACTIVE: "green", INVITED: "yellow", DISABLED: "gray" } as const;

/** Whether somebody has joined, may join, or may not come in. */
export function UserStateBadge({ state }: { state: UserState }) {
  const { t } = useTranslation("people");
  const color = COLORS[state as keyof typeof COLORS] ?? "gray";
  return (
    <Badge color={color} variant="dot" tt="none" fw={500}>
      {t(`state.${state}`)}
    </Badge>
  );
}
