import { Button, Group, Progress as Bar, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { Section } from "../RecordPage";
import { tellError } from "../toasts";
import { cancel } from "./calls";
import { countsOf, useKind, type Import } from "./kind";

/** How far an import is, how long it will take, and the way to stop it. */
export function Progress({ made }: { made: Import }) {
  const { t } = useTranslation("imports");
  const { words } = useKind();
  const seconds = Math.round(Number.parseFloat(made.remaining ?? ""));
  return (
    <Section title={t(`state.${made.state}`)}>
      <Stack>
        <Bar value={made.progressPercent} animated aria-label={t(`state.${made.state}`)} />
        <Text size="sm" role="status">
          {t(`of.${words}.progress`, { percent: made.progressPercent, ...countsOf(made) })}{" "}
          {seconds > 0 &&
            (seconds < 90 ? t("left.seconds", { seconds }) : t("left.minutes", { minutes: Math.ceil(seconds / 60) }))}
        </Text>
        {made.state !== "UNDOING" && (
          <Group>
            <Button variant="default" onClick={() => void cancel(made).catch(tellError)}>
              {t("stop")}
            </Button>
          </Group>
        )}
        <Text size="sm" className="quiet">
          {t("mayLeave")}
        </Text>
      </Stack>
    </Section>
  );
}
