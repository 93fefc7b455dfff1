import { Button, Skeleton, Stack, Text } from "@mantine/core";
import { IconPencilPlus } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";

import { readDraft } from "../draft";
import { Unavailable } from "../EmptyState";
import { useGrowing } from "../growing";
import { Section } from "../RecordPage";
import { draftOf } from "./calls";
import { Chapters } from "./Chapters";
import { Filters, historyFilter, type HistorySearch } from "./Filters";

const Composer = lazy(() => import("./Composer"));

/** What happened with a record, the latest first, and where one writes down what did. */
export function HistoryPanel({ subject, mayEdit }: { subject: string; mayEdit: boolean }) {
  const { t } = useTranslation(["history", "kit"]);
  // What was begun goes on.
  const [writing, setWriting] = useState(() => readDraft(draftOf(subject)) !== undefined);
  const [search, setSearch] = useState<HistorySearch>({});
  const entries = useGrowing("historyEntries", { q: search.q, filter: historyFilter(subject, search) });
  const filtered = Object.values(search).some(Boolean);
  return (
    <Section
      title={t("title")}
      action={
        !writing && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPencilPlus size={14} />}
            onClick={() => setWriting(true)}
          >
            {t("write")}
          </Button>
        )
      }
    >
      <Stack gap="sm">
        {writing && (
          <Suspense fallback={<Skeleton height={220} />}>
            <Composer subject={subject} mayAttach={mayEdit} onDone={() => setWriting(false)} />
          </Suspense>
        )}
        {((entries.records?.length ?? 0) > 0 || filtered) && (
          <Filters search={search} onChange={(change) => setSearch({ ...search, ...change })} />
        )}
        {entries.error && <Unavailable error={entries.error} onRetry={entries.refetch} />}
        {!entries.records && !entries.error && <Skeleton height={120} />}
        {entries.records?.length === 0 && (
          <Text size="sm" className="quiet">
            {t(filtered ? "kit:nothingFound" : "nothing")}
          </Text>
        )}
        {entries.records && (
          <Chapters entries={entries.records} more={Boolean(entries.more)} page={subject} mayEdit={mayEdit} />
        )}
        {entries.more && (
          <div>
            <Button variant="default" loading={entries.more.fetching} onClick={entries.more.fetch}>
              {t("more")}
            </Button>
          </div>
        )}
      </Stack>
    </Section>
  );
}
