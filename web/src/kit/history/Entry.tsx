import { Anchor, Menu, Skeleton, Text, UnstyledButton } from "@mantine/core";
import { IconPencil, IconPin, IconPinnedOff, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { Trans, useTranslation } from "react-i18next";

import { dictionary, keys, me } from "../../api/queries";
import type { HistoryEntry } from "../../api/types";
import { ActDialog } from "../ActDialog";
import { formatHour, formatTime } from "../days";
import { RowMenu } from "../EntityTable";
import { bytesOf, fileNamed } from "../files/calls";
import { lookOf } from "../files/previews";
import { ReadText } from "../ReadText";
import { pathOf } from "../records";
import { administersCrm } from "../roles";
import { tellError } from "../toasts";
import { UserName } from "../UserName";
import { pin, remove } from "./calls";
import classes from "./history.module.css";
import { CATEGORY_ICONS, KIND_ICONS } from "./icons";
import { movingOf, wordsOf, type Told } from "./words";

const Composer = lazy(() => import("./Composer"));
const Preview = lazy(() => import("../files/Preview"));

type Props = {
  entry: HistoryEntry;
  /** The record on whose page it is told. */
  page: string;
  /** Whether one may change that record. */
  mayEdit: boolean;
  /** Whether the day stands above it already. */
  ofDay: boolean;
};

/** One thing that happened: when, who says so, and what it was. */
export function Entry({ entry, page, mayEdit, ofDay }: Props) {
  const { t } = useTranslation("history");
  const { data: user } = useQuery(me);
  const [asked, setAsked] = useState<"edit" | "delete">();
  const category = useQuery({
    ...dictionary("historyCategories"),
    enabled: entry.category !== "",
  }).data?.records.find(({ name }) => name === entry.category);
  const { refresh, turn } = useActs(entry);
  const mine = entry.creator === user?.name;
  const note = entry.kind === "NOTE";
  const mayChange = note && (mine || administersCrm(user));
  // What a service did by itself is nobody's.
  const byPerson = entry.creator.startsWith("users/");
  const maySay = mayEdit || mine;
  if (asked === "edit")
    return (
      <li className={classes.entry}>
        <div className={classes.body}>
          <Suspense fallback={<Skeleton height={220} />}>
            <Composer subject={entry.subject} mayAttach={mayEdit} entry={entry} onDone={() => setAsked(undefined)} />
          </Suspense>
        </div>
      </li>
    );
  const Icon = note && category ? CATEGORY_ICONS[category.icon] : KIND_ICONS[entry.kind];
  const time = formatTime(entry.time ?? "");
  return (
    <li className={classes.entry} data-pinned={entry.pinned || undefined}>
      <Icon size={20} stroke={1.5} aria-hidden className={classes.icon} />
      <div className={classes.body}>
        <Text size="sm" className="quiet" component="div">
          {category && `${category.title} · `}
          {byPerson && (
            <>
              <UserName name={entry.creator} /> ·{" "}
            </>
          )}
          {ofDay ? formatHour(entry.time ?? "") : time}
          {entry.pinned && ` · ${t("pinned")}`}
          {entry.subject !== page && (
            <>
              {" · "}
              <Anchor component={Link} to={`/${entry.subject}` as "/"} inherit>
                {entry.subjectTitle}
              </Anchor>
            </>
          )}
        </Text>
        {entry.kind === "NOTE" ? <ReadText html={entry.text} /> : <Sentence entry={entry} kind={entry.kind} />}
        {entry.files.length > 0 && (
          <ul className={classes.chips} aria-label={t("files")}>
            {entry.files.map((name) => (
              <li key={name}>
                <FileLink name={name} />
              </li>
            ))}
          </ul>
        )}
      </div>
      {(mayChange || maySay) && (
        <RowMenu title={`${category?.title ?? t("entry")}, ${time}`}>
          {mayChange && (
            <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => setAsked("edit")}>
              {t("edit")}
            </Menu.Item>
          )}
          {maySay && (
            <>
              <Menu.Item
                leftSection={entry.pinned ? <IconPinnedOff size={16} /> : <IconPin size={16} />}
                onClick={() => turn.mutate(!entry.pinned)}
              >
                {t(entry.pinned ? "unpin" : "pin")}
              </Menu.Item>
              <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => setAsked("delete")}>
                {t("delete")}
              </Menu.Item>
            </>
          )}
        </RowMenu>
      )}
      {asked === "delete" && (
        <ActDialog
          title={t("deleteTitle")}
          text={t("deleteText")}
          action={t("delete")}
          danger
          run={() => remove(entry)}
          onDone={refresh}
          onClose={() => setAsked(undefined)}
        />
      )}
    </li>
  );
}

function useActs(entry: HistoryEntry) {
  const client = useQueryClient();
  const refresh = () => void client.invalidateQueries({ queryKey: keys.lists("historyEntries") });
  const turn = useMutation({
    mutationFn: (pinned: boolean) => pin(entry, pinned),
    onSuccess: refresh,
    onError: tellError,
  });
  return { refresh, turn };
}

/** What a service announced, told in the reader's words, with a link to what it is about. */
function Sentence({ entry, kind }: { entry: HistoryEntry; kind: Told }) {
  const { t } = useTranslation("history");
  const { related, values } = entry;
  const words = wordsOf(entry, kind);
  const title = values.number ?? values.title ?? t("gone");
  const [before, after] = movingOf(entry).map((told) => told || t("notTold"));
  const path = pathOf(related);
  const what = path ? (
    <Anchor component={Link} to={path as "/"} inherit underline="always" />
  ) : related.startsWith("files/") ? (
    <Anchor href={bytesOf({ name: related })} download inherit underline="always" />
  ) : (
    <span />
  );
  return (
    <div className="anywhere">
      <Trans
        t={t}
        i18nKey={`kind.${words}` as "kind.MAILED"}
        values={{ title, before, after }}
        count={Number(values.count ?? 0)}
        components={{ what }}
      />
    </div>
  );
}

/** Up to this size a picture is shown where it is mentioned. */
const SMALL = 3_000_000;

/** A file of an entry: a picture as one, larger when it is clicked; every other to be saved. */
function FileLink({ name }: { name: string }) {
  const { t } = useTranslation("history");
  const [open, setOpen] = useState(false);
  const { data, error } = useQuery({ ...fileNamed(name), retry: false });
  if (error || data?.state === "DELETED") return <span className="quiet">{data?.title ?? t("fileGone")}</span>;
  if (!data) return null;
  if (lookOf(data) !== "image" || Number(data.size) > SMALL)
    return (
      <Anchor href={bytesOf({ name })} download size="sm" className="anywhere">
        {data.title}
      </Anchor>
    );
  return (
    <>
      <UnstyledButton aria-label={t("showFile", { title: data.title })} onClick={() => setOpen(true)}>
        <img src={bytesOf({ name })} alt="" title={data.title} loading="lazy" className={classes.thumbnail} />
      </UnstyledButton>
      {open && (
        <Suspense>
          <Preview documents={[data]} first={name} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
