import { Button, Group, Skeleton, Stack, Text } from "@mantine/core";
import { IconFilePlus } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";

import { keys } from "../../api/queries";
import type { Document } from "../../api/types";
import { NothingYet, Unavailable } from "../EmptyState";
import { FilterSelect, SearchBox } from "../FilterBar";
import { useGrowing } from "../growing";
import { Section } from "../RecordPage";
import { tellError } from "../toasts";
import { namesakes, upload, uploadVersion } from "./calls";
import { ChooseFiles, DropArea, Uploads } from "./DropZone";
import { FileRow } from "./FileRow";
import classes from "./files.module.css";
import { mayPreview } from "./previews";
import { useUploads } from "./uploads";

// What few ask for is fetched when they do.
const Preview = lazy(() => import("./Preview"));
const NewText = lazy(() => import("./NewText"));
const SameName = lazy(() => import("./SameName"));

type Asked =
  | { what: "preview"; document: string }
  | { what: "write" }
  | { what: "same"; files: File[]; present: Map<string, Document> };

/** The documents of a record: added by dropping, choosing or writing them, in versions, and restored if they were deleted. */
export function FileList({ subject, mayEdit }: { subject: string; mayEdit: boolean }) {
  const { t } = useTranslation(["files", "kit"]);
  const client = useQueryClient();
  const [q, setQ] = useState("");
  const [state, setState] = useState<"DELETED">();
  const about = `subject = "${subject}"`;
  const files = useGrowing("files", { q, filter: state ? `${about} AND state = DELETED` : about });
  const [asked, setAsked] = useState<Asked>();
  const { uploads, start, drop } = useUploads();
  const refresh = () => {
    void client.invalidateQueries({ queryKey: keys.lists("files") });
    void client.invalidateQueries({ queryKey: keys.lists("historyEntries") });
  };
  const send = (chosen: File[], versions?: Map<string, Document>) =>
    void start(chosen, (file, ...sending) => {
      const before = versions?.get(file.name);
      return (before ? uploadVersion(before, file, ...sending) : upload(subject, file, ...sending)).then(() => {
        if (before) void client.invalidateQueries({ queryKey: keys.one(before.name) });
        refresh();
      });
    });
  const add = (chosen: File[]) =>
    void namesakes(subject, chosen).then((present) => {
      send(chosen.filter(({ name }) => !present.has(name)));
      const same = chosen.filter(({ name }) => present.has(name));
      if (same.length > 0) setAsked({ what: "same", files: same, present });
    }, tellError);
  const empty = files.records?.length === 0;
  const readable = files.records?.filter(mayPreview) ?? [];
  const list = (
    <Section title={t("title")}>
      <Stack gap="sm">
        {mayEdit && (
          <ChooseFiles label={t("add")} onFiles={add}>
            <Button
              size="xs"
              variant="default"
              leftSection={<IconFilePlus size={14} />}
              onClick={() => setAsked({ what: "write" })}
            >
              {t("write")}
            </Button>
          </ChooseFiles>
        )}
        <Uploads uploads={uploads} onDrop={drop} />
        {(!empty || q || state) && (
          <Group gap="xs">
            <SearchBox label={t("search")} value={q} onChange={setQ} />
            <FilterSelect
              label={t("present")}
              value={state}
              options={[{ value: "DELETED", label: t("deletedOnes") }]}
              onChange={setState}
            />
          </Group>
        )}
        {files.error && <Unavailable error={files.error} onRetry={files.refetch} />}
        {!files.records && !files.error && <Skeleton height={80} />}
        {empty &&
          (q || state ? (
            <Text size="sm" className="quiet">
              {t("kit:nothingFound")}
            </Text>
          ) : (
            <NothingYet title={t("nothing")} text={mayEdit ? t("nothingText") : undefined} />
          ))}
        {files.records && files.records.length > 0 && (
          <ul className={classes.list} aria-label={t("title")}>
            {files.records.map((document) => (
              <FileRow
                key={document.name}
                document={document}
                of={document.subject === subject ? undefined : document.subject}
                mayEdit={mayEdit}
                onChanged={refresh}
                onPreview={
                  readable.includes(document) ? () => setAsked({ what: "preview", document: document.name }) : undefined
                }
              />
            ))}
          </ul>
        )}
        {files.more && (
          <div>
            <Button variant="default" loading={files.more.fetching} onClick={files.more.fetch}>
              {t("more")}
            </Button>
          </div>
        )}
      </Stack>
      <Suspense>
        {asked?.what === "preview" && (
          <Preview documents={readable} first={asked.document} onClose={() => setAsked(undefined)} />
        )}
        {asked?.what === "same" && (
          <SameName
            files={asked.files}
            onVersions={() => send(asked.files, asked.present)}
            onDocuments={() => send(asked.files)}
            onClose={() => setAsked(undefined)}
          />
        )}
        {asked?.what === "write" && <NewText subject={subject} onDone={refresh} onClose={() => setAsked(undefined)} />}
      </Suspense>
    </Section>
  );
  return mayEdit ? <DropArea onFiles={add}>{list}</DropArea> : list;
}
