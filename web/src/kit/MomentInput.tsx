import { Group, Input } from "@mantine/core";
import { TimeInput } from "@mantine/dates";
import dayjs from "dayjs";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { DayInput } from "./DayInput";

const BEGIN_OF_WORK = "09:00";

type Props = {
  label: string;
  description?: ReactNode;
  error?: ReactNode;
  /** An instant; empty for none. */
  value: string;
  /** The instant on whose day it is as long as only a time of day is said; today if there is none. */
  near?: string;
  onChange: (instant: string) => void;
};

/** A day and a time of day, where the reader is. */
export function MomentInput({ label, description, error, value, near, onChange }: Props) {
  const { t } = useTranslation("kit");
  const day = value ? dayjs(value).format("YYYY-MM-DD") : "";
  const time = value ? dayjs(value).format("HH:mm") : "";
  const put = (nextDay: string, nextTime: string) =>
    onChange(nextDay ? dayjs(`${nextDay}T${nextTime || BEGIN_OF_WORK}`).toISOString() : "");
  return (
    <Input.Wrapper
      error={error}
      description={description}
      inputWrapperOrder={["label", "input", "description", "error"]}
    >
      <Group gap="xs" wrap="nowrap" align="flex-end">
        <DayInput
          label={label}
          clearable
          style={{ flex: 1 }}
          error={Boolean(error)}
          value={day || null}
          onChange={(chosen) => put(chosen ?? "", time)}
        />
        <TimeInput
          aria-label={t("timeOf", { label })}
          w={110}
          error={Boolean(error)}
          value={time}
          onChange={({ currentTarget: { value: typed } }) =>
            typed && put(day || dayjs(near || undefined).format("YYYY-MM-DD"), typed)
          }
        />
      </Group>
    </Input.Wrapper>
  );
}
