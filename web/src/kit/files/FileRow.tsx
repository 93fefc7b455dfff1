import { Anchor, Button, List, Menu, Skeleton, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import {
  IconDownload,
  IconEye,
  IconFile,
  IconFileSpreadsheet,
  IconFileText,
  IconHistory,
  IconPencil,
  IconPhoto,
  IconTrash,
  IconUpload,
} from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { contactNamed, keys, me } from "../../api/queries";
import type { Document } from "../../api/types";
import { ActDialog } from "../ActDialog";
import { formatTime } from "../days";
import { RowMenu } from "../EntityTable";
import { formatSize } from "../sizes";
import { tell, tellError } from "../toasts";
import { tellUndoable } from "../undo";
import { UserName } from "../UserName";
import { bytesOf, fileNamed, remove, rename, restore, uploadVersion } from "./calls";
import { Uploads } from "./DropZone";
import classes from "./files.module.css";
import { useUploads } from "./uploads";

function FileIcon({ contentType }: { contentType: string }) {
  const drawn = { size: 20, stroke: 1.5, "aria-hidden": true, className: classes.icon };
  if (contentType.startsWith("image/")) return <IconPhoto {...drawn} />;
  if (/sheet|excel|csv/.test(contentType)) return <IconFileSpreadsheet {...drawn} />;
  return /text|pdf|word|document/.test(contentType) ? <IconFileText {...drawn} /> : <IconFile {...drawn} />;
}

type Props = {
  document: Document;
  /** The contact it belongs to, where that is another than the one of the page. */
  of?: string;
  mayEdit: boolean;
  onChanged: () => void;
  /** Shows it here; none where a browser cannot. */
  onPreview?: () => void;
};

/** One document, and what can be done with it. */
export function FileRow({ document, of, mayEdit, onChanged, onPreview }: Props) {
  const { t, i18n } = useTranslation("files");
  const client = useQueryClient();
  const { data: user } = useQuery(me);
  const [shown, setShown] = useState<"versions" | "rename">();
  const chooser = useRef<HTMLInputElement>(null);
  const { uploads, start, drop } = useUploads();
  const { title, size, createTime, updateTime, creator, contentType, state } = document;
  const deleted = state === "DELETED";
  const may = mayEdit || creator === user?.name;
  const changed = () => {
    void client.invalidateQueries({ queryKey: keys.one(document.name) });
    onChanged();
  };
  const takeBack = () => restore(document).then(changed);
  const deleteIt = () =>
    void remove(document).then(() => {
      changed();
      tellUndoable(t("deleted", { title }), t("undo"), takeBack);
    }, tellError);
  const addVersion = (file: File) =>
    void start([file], (...sending) => uploadVersion(document, ...sending).then(changed));
  return (
    <li className={classes.file}>
      <FileIcon contentType={contentType} />
      <div className={classes.body}>
        {deleted ? (
          <Text className="anywhere">{title}</Text>
        ) : onPreview ? (
          <Anchor component="button" type="button" ta="left" inherit className="anywhere" onClick={onPreview}>
            {title}
          </Anchor>
        ) : (
          <Anchor href={bytesOf(document)} download inherit className="anywhere">
            {title}
          </Anchor>
        )}
        <Text size="xs" className="quiet" component="div">
          {formatSize(Number(size), i18n.language)} · {formatTime(updateTime || createTime || "")} ·{" "}
          <UserName name={creator} />
          {of && <Owner name={of} />}
        </Text>
        <Uploads uploads={uploads} onDrop={drop} />
        {shown === "versions" && <Versions name={document.name} />}
        {deleted && may && (
          <Button size="compact-sm" variant="default" mt={4} onClick={() => void takeBack().catch(tellError)}>
            {t("restore")}
          </Button>
        )}
      </div>
      {!deleted && (
        <RowMenu title={title}>
          {onPreview && (
            <Menu.Item leftSection={<IconEye size={16} />} onClick={onPreview}>
              {t("preview")}
            </Menu.Item>
          )}
          <Menu.Item component="a" href={bytesOf(document)} download leftSection={<IconDownload size={16} />}>
            {t("download")}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconHistory size={16} />}
            onClick={() => setShown(shown === "versions" ? undefined : "versions")}
          >
            {t(shown === "versions" ? "hideVersions" : "versions")}
          </Menu.Item>
          {may && (
            <>
              <Menu.Item leftSection={<IconUpload size={16} />} onClick={() => chooser.current?.click()}>
                {t("newVersion")}
              </Menu.Item>
              <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => setShown("rename")}>
                {t("rename")}
              </Menu.Item>
              <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={deleteIt}>
                {t("delete")}
              </Menu.Item>
            </>
          )}
        </RowMenu>
      )}
      <input
        ref={chooser}
        type="file"
        hidden
        aria-label={t("newVersionOf", { title })}
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          if (file) addVersion(file);
          event.currentTarget.value = "";
        }}
      />
      {shown === "rename" && (
        <RenameDialog
          document={document}
          onDone={() => {
            setShown(undefined);
            changed();
          }}
          onClose={() => setShown(undefined)}
        />
      )}
    </li>
  );
}

function Owner({ name }: { name: string }) {
  const title = useQuery(contactNamed(name)).data?.displayName;
  if (!title) return null;
  return (
    <>
      {" · "}
      <Anchor component={Link} to={`/${name}` as "/"} inherit>
        {title}
      </Anchor>
    </>
  );
}

/** All that a document held, the latest first. */
function Versions({ name }: { name: string }) {
  const { t, i18n } = useTranslation("files");
  const { data } = useQuery(fileNamed(name));
  if (!data) return <Skeleton height={24} mt={4} />;
  return (
    <List size="sm" mt={4} aria-label={t("versions")}>
      {[...data.versions].reverse().map(({ number, size, createTime, creator }) => (
        <List.Item key={number}>
          <Anchor href={bytesOf({ name }, number)} download inherit>
            {t("version", { number })}
          </Anchor>
          <span className="quiet">
            {" · "}
            {formatSize(Number(size), i18n.language)} · {formatTime(createTime)} · <UserName name={creator} />
          </span>
        </List.Item>
      ))}
    </List>
  );
}

function RenameDialog({ document, onDone, onClose }: { document: Document; onDone: () => void; onClose: () => void }) {
  const { t } = useTranslation(["files", "errors", "kit"]);
  const form = useForm({
    initialValues: { title: document.title },
    validate: { title: (value) => (value.trim() ? null : t("errors:required")) },
  });
  return (
    <ActDialog
      title={t("renaming", { title: document.title })}
      action={t("kit:form.save")}
      form={form}
      run={({ title }) => rename(document, title.trim())}
      onDone={() => {
        tell(t("kit:form.saved"));
        onDone();
      }}
      onClose={onClose}
    >
      <TextInput label={t("name")} required data-autofocus {...form.getInputProps("title")} />
    </ActDialog>
  );
}
