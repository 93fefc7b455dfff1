import { Checkbox, Stack, Textarea } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Telling } from "../calls";

type Props = { count: number; value: Telling; onChange: (value: Telling) => void };

/** Offers to tell the guests of what is deleted that it does not take place. */
export function CallOff({ count, value, onChange }: Props) {
  const { t } = useTranslation("events");
  if (count === 0) return null;
  return (
    <Stack gap="xs">
      <Checkbox
        label={t("callOff.offer", { count })}
        description={t("callOff.unreachable")}
        checked={value.tellGuests}
        onChange={({ currentTarget }) => onChange({ ...value, tellGuests: currentTarget.checked })}
      />
      {value.tellGuests && (
        <Textarea
          label={t("invite.message")}
          description={t("callOff.messageHint")}
          autosize
          minRows={2}
          maxLength={500}
          value={value.message}
          onChange={({ currentTarget }) => onChange({ ...value, message: currentTarget.value })}
        />
      )}
    </Stack>
  );
}
