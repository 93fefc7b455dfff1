import { useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import dayjs from "dayjs";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";

import { keys } from "../api/queries";
import type { Event } from "../api/types";
import { ActDialog } from "../kit/ActDialog";
import { formatTime } from "../kit/days";
import { MomentInput } from "../kit/MomentInput";
import { tell } from "../kit/toasts";
import { updateEvent } from "./calls";
import { outdatedOf } from "./guests/expected";

const TellDialog = lazy(() => import("./guests/TellDialog"));

/** Asks when an event is to be instead, which lasts as long as before; then whether its guests are to know. */
export function MoveDialog({ event, onClose }: { event: Event; onClose: () => void }) {
  const { t } = useTranslation(["events", "errors"]);
  const client = useQueryClient();
  const form = useForm({
    initialValues: { startTime: event.startTime ?? "" },
    validate: { startTime: (value) => (value ? null : t("errors:required")) },
  });
  const { startTime } = form.getValues();
  const [moved, setMoved] = useState<Event>();
  if (moved)
    return (
      <Suspense>
        <TellDialog event={moved} onClose={onClose} />
      </Suspense>
    );
  return (
    <ActDialog
      title={t("moveTitle")}
      action={t("moveAction")}
      text={event.endTime && t("moveHint")}
      form={form}
      run={() => {
        const by = dayjs(startTime).diff(event.startTime);
        const endTime = event.endTime ? dayjs(event.endTime).add(by).toISOString() : null;
        return updateEvent(event, { startTime, endTime });
      }}
      onDone={(moved) => {
        client.setQueryData(keys.one(moved.name), moved);
        void client.invalidateQueries({ queryKey: keys.lists("events") });
        tell(t("calendar.moved", { title: moved.title, day: formatTime(moved.startTime ?? "") }));
        if (outdatedOf(moved) > 0) setMoved(moved);
        else onClose();
      }}
      onClose={onClose}
    >
      <MomentInput
        label={t("field.startTime")}
        value={startTime}
        error={form.errors.startTime}
        onChange={(instant) => form.setFieldValue("startTime", instant)}
      />
    </ActDialog>
  );
}
