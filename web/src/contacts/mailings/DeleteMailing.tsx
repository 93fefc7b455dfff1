import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { keys } from "../../api/queries";
import type { Mailing } from "../../api/types";
import { ActDialog } from "../../kit/ActDialog";
import { deleteMailing } from "./calls";

type Props = { mailing: Mailing; onDone: () => void; onClose: () => void };

export function DeleteMailing({ mailing, onDone, onClose }: Props) {
  const { t } = useTranslation("mailings");
  const client = useQueryClient();
  return (
    <ActDialog
      title={t("delete.title")}
      text={t("delete.text")}
      action={t("delete.action")}
      danger
      run={() => deleteMailing(mailing)}
      onDone={() => {
        void client.invalidateQueries({ queryKey: keys.lists("mailings") });
        onDone();
      }}
      onClose={onClose}
    />
  );
}
