import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { isOurs } from "../api/ownWrites";
import classes from "./Flash.module.css";

type Props = { record: { name: string; etag: string }; children: ReactNode };

/** Lights up for a moment, and says so, when somebody else changed what it holds under the eyes of the reader. */
export function Flash({ record, children }: Props) {
  const { t } = useTranslation("kit");
  const [seen, setSeen] = useState({ etag: record.etag, changes: 0 });
  if (seen.etag !== record.etag)
    setSeen({ etag: record.etag, changes: isOurs(record.name) ? seen.changes : seen.changes + 1 });
  return (
    <div className={seen.changes === 0 ? undefined : seen.changes % 2 ? classes.odd : classes.even}>
      <div role="status" className={classes.note}>
        {seen.changes > 0 && t("form.changed")}
      </div>
      {children}
    </div>
  );
}
