import { useTranslation } from "react-i18next";

import type { InvoiceState } from "../api/types";
import classes from "./invoicing.module.css";

/** Where an invoice is on its way to being paid. */
export function StateBadge({ state }: { state: InvoiceState }) {
  const { t } = useTranslation("invoicing");
  return (
    <span className={classes.state} data-state={state}>
      {t(`state.${state}`)}
    </span>
  );
}
