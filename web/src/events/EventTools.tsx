import { ActionIcon, Group, Tooltip } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { me } from "../api/queries";
import { ExportDialog } from "../kit/ExportDialog";
import SavedViewsMenu from "../kit/SavedViewsMenu";

type Props = {
  /** What the list shows, as the API takes it. */
  filter: string;
  q?: string;
  orderBy: string;
};

/** The views of the list of events, and the list as a file. */
export default function EventTools({ filter, q = "", orderBy }: Props) {
  const { t } = useTranslation("lists");
  const timeZone = useQuery(me).data?.timeZone ?? "";
  const [exporting, setExporting] = useState(false);
  return (
    <Group gap={4} wrap="nowrap">
      <SavedViewsMenu list="events" />
      <Tooltip label={t("export.list")}>
        <ActionIcon variant="default" size={36} aria-label={t("export.list")} onClick={() => setExporting(true)}>
          <IconDownload size={18} />
        </ActionIcon>
      </Tooltip>
      {exporting && (
        <ExportDialog
          exports="eventExports"
          text={t("export.eventsText")}
          wanted={{ filter, q, orderBy, timeZone }}
          past
          onClose={() => setExporting(false)}
        />
      )}
    </Group>
  );
}
