import { Alert, Anchor, Button, Group, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { keys } from "../../api/queries";
import { ActDialog } from "../ActDialog";
import { Fact, Facts } from "../Facts";
import { Section } from "../RecordPage";
import { forget, undo } from "./calls";
import { countsOf, useKind, type Import } from "./kind";

/** What became of an import: how many, which rows were not taken and why, and the way back. */
export function Result({ made }: { made: Import }) {
  const { t } = useTranslation("imports");
  const { collection, page, records, words } = useKind();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asked, setAsked] = useState<"undo" | "forget">();
  const left = made.rejectedCount + (made.state === "UNDONE" ? made.keptCount : 0);
  const close = () => setAsked(undefined);
  return (
    <Section title={t(`state.${made.state}`)}>
      <Stack>
        {made.error && (
          <Alert color="red" role="alert">
            {made.error}
          </Alert>
        )}
        <Text size="sm" role="status">
          {made.state === "UNDONE"
            ? t("undone", { undone: made.undoneCount, kept: made.keptCount })
            : t(`of.${words}.made`, countsOf(made))}
        </Text>
        <Facts>
          {made.skippedCount !== undefined && <Fact label={t("count.skipped")}>{made.skippedCount}</Fact>}
          <Fact label={t("count.rejected")}>{made.rejectedCount}</Fact>
        </Facts>
        <Group>
          <Button component={Link} to={records}>
            {t(`of.${words}.to`)}
          </Button>
          {left > 0 && (
            <Button component="a" variant="default" href={`/v1/${made.name}:rejectedRows`} download>
              {t("rejectedRows")}
            </Button>
          )}
          {(made.state !== "UNDONE" || made.keptCount > 0) && made.createdCount + (made.updatedCount ?? 0) > 0 && (
            <Button variant="default" onClick={() => setAsked("undo")}>
              {t("undo")}
            </Button>
          )}
          <Button variant="subtle" onClick={() => setAsked("forget")}>
            {t("forget")}
          </Button>
        </Group>
        <Anchor component={Link} to={page} size="sm">
          {t("all")}
        </Anchor>
      </Stack>
      {asked === "undo" && (
        <ActDialog
          title={t("undoTitle")}
          text={t(`of.${words}.undoText`)}
          action={t("undo")}
          danger
          run={() => undo(made)}
          onDone={(saved) => {
            client.setQueryData(keys.one(saved.name), saved);
            close();
          }}
          onClose={close}
        />
      )}
      {asked === "forget" && (
        <ActDialog
          title={t("forgetTitle")}
          text={t(`of.${words}.forgetText`)}
          action={t("forget")}
          danger
          run={() => forget(made)}
          onDone={() => {
            void client.invalidateQueries({ queryKey: keys.lists(collection) });
            void navigate({ to: page });
          }}
          onClose={close}
        />
      )}
    </Section>
  );
}
