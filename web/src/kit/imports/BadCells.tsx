import { NativeSelect } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { StepProps } from "./kind";

/** What to do with a row that has a cell which cannot be. */
export function BadCells({ made, change }: StepProps) {
  const { t } = useTranslation("imports");
  return (
    <NativeSelect
      label={t("options.badCells")}
      data={(["REJECT_ROW", "DROP_CELL"] as const).map((value) => ({ value, label: t(`badCells.${value}`) }))}
      value={made.badCells}
      onChange={(event) => change({ badCells: event.currentTarget.value === "DROP_CELL" ? "DROP_CELL" : "REJECT_ROW" })}
    />
  );
}
