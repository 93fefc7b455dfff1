import { Alert, Button, Group } from "@mantine/core";
import { IconMailForward } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Event } from "../../api/types";
import { outdatedOf } from "./expected";

const TellDialog = lazy(() => import("./TellDialog"));

/** Offers to tell guests who do not know what became of the event. */
export function Outdated({ event }: { event: Event }) {
  const { t } = useTranslation("events");
  const [asked, setAsked] = useState(false);
  const count = outdatedOf(event);
  return (
    <>
      {count > 0 && (
        <Alert color="yellow" mb="md" role="status">
          <Group justify="space-between">
            <span>{t(event.state === "CANCELLED" ? "callOff.outdated" : "tell.outdated", { count })}</span>
            <Button size="xs" leftSection={<IconMailForward size={14} />} onClick={() => setAsked(true)}>
              {t("tell.offer", { count })}
            </Button>
          </Group>
        </Alert>
      )}
      <Suspense>{asked && <TellDialog event={event} onClose={() => setAsked(false)} />}</Suspense>
    </>
  );
}
