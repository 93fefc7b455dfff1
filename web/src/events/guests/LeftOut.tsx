import { List, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { InvitationRefusal } from "../../api/types";

/** Why somebody gets no mail, as far as we have words of our own. */
const REASONS = { NO_ADDRESS: true, UNSUBSCRIBED: true, ALREADY_INVITED: true, NOT_FOUND: true };
type Reason = keyof typeof REASONS;

/** Who gets no mail, and why. */
export function LeftOut({ refusals }: { refusals: InvitationRefusal[] }) {
  const { t } = useTranslation("events");
  if (refusals.length === 0) return null;
  return (
    <div>
      <Text size="sm">{t("invite.leftOut", { count: refusals.length })}</Text>
      <List size="sm" mah={180} style={{ overflowY: "auto" }} tabIndex={0} aria-label={t("invite.leftOutList")}>
        {refusals.map(({ contact, displayName, reason, message }) => (
          <List.Item key={contact}>
            {displayName || t("hiddenContact")}: {reason in REASONS ? t(`invite.reason.${reason as Reason}`) : message}
          </List.Item>
        ))}
      </List>
    </div>
  );
}
