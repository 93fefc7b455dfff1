import { useEffect, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";

import { Live } from "../api/live";
import { queryClient } from "../api/queries";
import classes from "./Frame.module.css";

const live = new Live(queryClient);

/** Keeps the page live while somebody is signed in, and says so when it cannot. */
export function LiveStatus() {
  const { t } = useTranslation();
  const lost = useSyncExternalStore(live.subscribe, () => live.lost);
  useEffect(() => live.start(), []);
  return <div role="status">{lost && <div className={classes.offline}>{t("offline")}</div>}</div>;
}
