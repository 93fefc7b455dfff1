import { Checkbox, NativeSelect, Radio, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { BadCells } from "../../kit/imports/BadCells";
import type { StepProps } from "../../kit/imports/kind";
import { PeoplePicker } from "../../kit/PeoplePicker";
import { TagInput } from "../../kit/TagInput";
import { SHARINGS } from "../search";

const DUPLICATES = ["SKIP", "OVERWRITE", "MERGE", "CREATE"] as const;
const MATCHES = ["EMAIL_THEN_PHONE", "EMAIL", "PHONE"] as const;

/** What to do with contacts that are there already, and who gets the new ones. */
export function Options({ made, change }: StepProps) {
  const { t } = useTranslation(["imports", "contacts"]);
  return (
    <>
      <Radio.Group
        label={t("options.duplicates")}
        value={made.duplicates}
        onChange={(value) => change({ duplicates: DUPLICATES.find((known) => known === value) })}
      >
        <Stack gap={6} mt={4}>
          {DUPLICATES.map((value) => (
            <Radio
              key={value}
              value={value}
              label={t(`duplicates.${value}`)}
              description={t(`duplicatesText.${value}`)}
            />
          ))}
        </Stack>
      </Radio.Group>
      <NativeSelect
        label={t("options.matchBy")}
        data={MATCHES.map((value) => ({ value, label: t(`matchBy.${value}`) }))}
        value={made.matchBy}
        onChange={(event) => change({ matchBy: MATCHES.find((known) => known === event.currentTarget.value) })}
      />
      <BadCells made={made} change={change} />
      <PeoplePicker
        groups
        crmOnly
        label={t("contacts:field.managers")}
        value={made.managers ?? []}
        onChange={(managers) => change({ managers })}
      />
      <NativeSelect
        label={t("contacts:field.sharing")}
        data={SHARINGS.map((value) => ({ value, label: t(`contacts:sharing.${value}`) }))}
        value={made.sharing}
        onChange={(event) => change({ sharing: SHARINGS.find((known) => known === event.currentTarget.value) })}
      />
      <TagInput label={t("contacts:field.tags")} value={made.tags ?? []} onChange={(tags) => change({ tags })} />
      <Checkbox
        label={t("contacts:notify")}
        checked={made.notify ?? false}
        onChange={(event) => change({ notify: event.currentTarget.checked })}
      />
    </>
  );
}
