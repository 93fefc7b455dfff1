import { UnstyledButton } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Event } from "../../api/types";
import { countsOf, SHARES, type Share } from "./filters";
import classes from "./guests.module.css";

type Props = { event: Event; value: Share; onChange: (share: Share) => void };

/** How many were invited, come, do not, wait and came; a click shows only them. */
export function Shares({ event, value, onChange }: Props) {
  const { t } = useTranslation("events");
  const counts = countsOf(event);
  const { capacity } = event;
  return (
    <div className={classes.shares} role="group" aria-label={t("guests.shares")}>
      {SHARES.filter((share) => share === "all" || share === value || counts.invited + counts[share] > 0).map(
        (share) => (
          <UnstyledButton
            key={share}
            className={classes.share}
            aria-pressed={share === value}
            onClick={() => onChange(share === value ? "all" : share)}
          >
            <span className={classes.count}>
              {share === "accepted" && capacity > 0
                ? t("guests.ofCapacity", { count: counts.accepted, capacity })
                : counts[share]}
            </span>
            <span>{t(`guests.share.${share}`, { count: counts[share] })}</span>
          </UnstyledButton>
        ),
      )}
    </div>
  );
}
