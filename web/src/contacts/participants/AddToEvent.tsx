import { Select } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { listOf } from "../../api/queries";
import { ActDialog } from "../../kit/ActDialog";
import { formatTime } from "../../kit/days";
import { addParticipants, useTellAdded } from "../../kit/participants";
import type { Chosen } from "../bulk";

type Props = { chosen: Chosen; count: number; onClose: () => void };

/** Adds the contacts that were chosen to those who take part in an event. */
export function AddToEvent({ chosen, count, onClose }: Props) {
  const { t } = useTranslation(["bulk", "kit", "errors"]);
  const tellAdded = useTellAdded();
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed, 200);
  const form = useForm({
    initialValues: { event: "" },
    validate: { event: (value) => (value ? null : t("errors:required")) },
  });
  const { event } = form.getValues();
  const found = useQuery({
    // What is chosen stands in the box as if it had been typed: that is no question.
    ...listOf("events", { q: event ? "" : q, filter: "state = OPEN", orderBy: "start_time desc", pageSize: 50 }),
    placeholderData: keepPreviousData,
  });
  const wanted = "names" in chosen ? { contacts: chosen.names } : chosen;
  return (
    <ActDialog
      title={t("title.event", { count })}
      action={t("participants.add")}
      form={form}
      run={() => addParticipants({ name: event }, wanted)}
      onDone={(added) => {
        tellAdded(added);
        onClose();
      }}
      onClose={onClose}
    >
      <Select
        label={t("participants.event")}
        required
        searchable
        data-autofocus
        placeholder={t("kit:typeToSearch")}
        nothingFoundMessage={t("kit:nothingFound")}
        data={(found.data?.records ?? []).map(({ name, title, startTime }) => ({
          value: name,
          label: startTime ? `${title} · ${formatTime(startTime)}` : title,
        }))}
        filter={({ options }) => options}
        onSearchChange={setTyped}
        {...form.getInputProps("event")}
        value={event || null}
        onChange={(name) => form.setFieldValue("event", name ?? "")}
      />
    </ActDialog>
  );
}
