import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import classes from "./Flash.module.css";

/** Lights up for a moment, and says so, when what it holds changed under the eyes of the reader. */
export function Flash({ version, children }: { version: string; children: ReactNode }) {
  const { t } = useTranslation("kit");
  const [seen, setSeen] = useState({ version, changes: 0 });
  if (seen.version !== version) setSeen({ version, changes: seen.changes + 1 });
  return (
    <div className={seen.changes === 0 ? undefined : seen.changes % 2 ? classes.odd : classes.even}>
      <div role="status" className={classes.note}>
        {seen.changes > 0 && t("form.changed")}
      </div>
      {children}
    </div>
  );
}
