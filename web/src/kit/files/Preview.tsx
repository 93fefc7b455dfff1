import { ActionIcon, Button, Group, Modal, Skeleton, Text } from "@mantine/core";
import { useHotkeys, useMediaQuery } from "@mantine/hooks";
import { IconChevronLeft, IconChevronRight, IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Document } from "../../api/types";
import { Unavailable } from "../EmptyState";
import { PHONE } from "../EntityTable";
import { formatSize } from "../sizes";
import { bytesOf, contentOf } from "./calls";
import classes from "./Preview.module.css";
import { charsetOf, lookOf } from "./previews";

type Props = {
  /** Those that can be shown, in the order of the list. */
  documents: Document[];
  /** With which one it begins. */
  first: string;
  onClose: () => void;
};

/** Shows documents one after the other, without saving them. */
export default function Preview({ documents, first, onClose }: Props) {
  const { t, i18n } = useTranslation("files");
  const phone = useMediaQuery(PHONE, false, { getInitialValueInEffect: false });
  const [name, setName] = useState(first);
  const at = Math.max(
    0,
    documents.findIndex((document) => document.name === name),
  );
  const document = documents[at];
  const go = (step: number) => {
    const next = documents[at + step];
    if (next) setName(next.name);
  };
  useHotkeys([
    ["ArrowLeft", () => go(-1)],
    ["ArrowRight", () => go(1)],
  ]);
  if (!document) return null;
  const { title, size } = document;
  return (
    <Modal opened onClose={onClose} title={title} size="min(1100px, 94vw)" fullScreen={phone}>
      <Group justify="space-between" mb="sm" wrap="nowrap">
        <Group gap="xs" wrap="nowrap">
          <ActionIcon
            variant="default"
            aria-label={t("previous")}
            disabled={at === 0}
            data-autofocus={documents.length > 1 && at > 0 ? true : undefined}
            onClick={() => go(-1)}
          >
            <IconChevronLeft size={16} />
          </ActionIcon>
          <ActionIcon
            variant="default"
            aria-label={t("next")}
            disabled={at === documents.length - 1}
            onClick={() => go(1)}
          >
            <IconChevronRight size={16} />
          </ActionIcon>
          <Text size="sm" className="quiet numeric" role="status">
            {t("place", { number: at + 1, count: documents.length })} · {formatSize(Number(size), i18n.language)}
          </Text>
        </Group>
        <Button
          component="a"
          href={bytesOf(document)}
          download
          size="xs"
          variant="default"
          leftSection={<IconDownload size={14} />}
        >
          {t("download")}
        </Button>
      </Group>
      <div className={classes.stage}>
        {lookOf(document) === "image" ? (
          <img key={document.name} src={bytesOf(document)} alt={title} className={classes.image} />
        ) : (
          <Content key={document.name} document={document} />
        )}
      </div>
    </Modal>
  );
}

/** What has to be fetched first, because as an answer of its own it would only be saved. */
function Content({ document }: { document: Document }) {
  const { data, error, refetch } = useQuery(contentOf(document));
  if (error) return <Unavailable error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton height="60vh" />;
  return lookOf(document) === "pdf" ? (
    <Pdf bytes={data} title={document.title} />
  ) : (
    <Plain bytes={data} charset={charsetOf(document)} />
  );
}

/** The browser's own viewer. Its type is said here, so that the bytes can never become a page of ours. */
function Pdf({ bytes, title }: { bytes: Blob; title: string }) {
  const [address] = useState(() => URL.createObjectURL(new Blob([bytes], { type: "application/pdf" })));
  useEffect(() => () => URL.revokeObjectURL(address), [address]);
  return <iframe src={address} title={title} className={classes.pdf} />;
}

/** So many signs are shown of a text. */
const SHOWN = 200_000;

/** A text as text, whatever it may hold. */
function Plain({ bytes, charset }: { bytes: Blob; charset: string }) {
  const { t } = useTranslation("files");
  const [text, setText] = useState<string>();
  useEffect(() => {
    let wanted = true;
    void bytes
      .slice(0, 4 * SHOWN)
      .arrayBuffer()
      .then((read) => {
        if (wanted) setText(new TextDecoder(charset).decode(read));
      });
    return () => {
      wanted = false;
    };
  }, [bytes, charset]);
  if (text === undefined) return <Skeleton height="60vh" />;
  return (
    <>
      <pre className={classes.text} tabIndex={0}>
        {text.slice(0, SHOWN)}
      </pre>
      {text.length > SHOWN && (
        <Text size="sm" className="quiet">
          {t("onlyBeginning")}
        </Text>
      )}
    </>
  );
}
