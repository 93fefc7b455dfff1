import { Button, Checkbox, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Export } from "../api/types";
import { ErrorBox } from "../kit/ErrorBox";
import { ExportDialog, MadeExports, useExports, useMakeExport, type Wanted } from "../kit/ExportDialog";
import { Section } from "../kit/RecordPage";
import { Loaded } from "../kit/SettingsPage";

type Props = {
  /** What it is of, where that is not the list. */
  title?: string;
  text?: string;
  wanted: Wanted;
  onClose: () => void;
};

/** Makes a file of exactly the contacts that a list shows, or that were chosen. */
export default function ExportContacts({ text, wanted, ...rest }: Props) {
  const { t } = useTranslation("imports");
  return (
    <ExportDialog
      exports="exports"
      text={text ?? t("export.listText")}
      wanted={{ kind: "CONTACTS", ...wanted }}
      {...rest}
    />
  );
}

/** Everything that is kept, of all services, in one file. */
export function ExportOfEverything() {
  const { t } = useTranslation("imports");
  const making = useMakeExport("exports");
  const [withFiles, setWithFiles] = useState(false);
  return (
    <Section title={t("export.everything")}>
      <Stack>
        <Text size="sm" className="quiet">
          {t("export.everythingText")}
        </Text>
        <Checkbox
          label={t("export.withFiles")}
          checked={withFiles}
          onChange={(event) => setWithFiles(event.currentTarget.checked)}
        />
        {making.error && <ErrorBox error={making.error} />}
        <Group>
          <Button loading={making.isPending} onClick={() => making.mutate({ kind: "EVERYTHING", withFiles })}>
            {t("export.everythingAction")}
          </Button>
        </Group>
        <Loaded query={useExports("exports")}>
          {({ records }) => (
            <MadeExports made={records} titleOf={(made) => t(`export.kind.${(made as Export).kind}`)} />
          )}
        </Loaded>
      </Stack>
    </Section>
  );
}
