import { Button, CloseButton, FileButton, Group, Progress, Stack, Text } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import classes from "./files.module.css";
import type { Upload } from "./uploads";

/** Where files are dropped, or chosen by a button. */
export function DropZone({
  label,
  onFiles,
  children,
}: {
  label: string;
  onFiles: (files: File[]) => void;
  children?: ReactNode;
}) {
  const { t } = useTranslation("files");
  const [over, setOver] = useState(false);
  return (
    <Group
      className={classes.drop}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const files = [...event.dataTransfer.files];
        if (files.length > 0) onFiles(files);
      }}
    >
      <FileButton multiple onChange={(files) => files.length > 0 && onFiles(files)}>
        {(button) => (
          <Button size="xs" variant="default" leftSection={<IconUpload size={14} />} {...button}>
            {label}
          </Button>
        )}
      </FileButton>
      <Text size="sm" className="quiet" visibleFrom="sm">
        {t("drop")}
      </Text>
      {children}
    </Group>
  );
}

/** The files on their way, and those that were not taken. */
export function Uploads({ uploads, onDrop }: { uploads: Upload[]; onDrop: (key: number) => void }) {
  const { t } = useTranslation(["files", "kit"]);
  if (uploads.length === 0) return null;
  return (
    <Stack gap={6} component="ul" className={classes.list} aria-label={t("uploading")}>
      {uploads.map(({ key, title, percent, problem }) => (
        <li key={key}>
          <Group gap="xs" wrap="nowrap">
            <Text size="sm" className="anywhere" style={{ flex: 1 }}>
              {title}
            </Text>
            {problem && <CloseButton size="sm" aria-label={t("dismiss", { title })} onClick={() => onDrop(key)} />}
          </Group>
          {problem ? (
            <Text size="sm" className="danger" role="alert">
              {problem}
            </Text>
          ) : (
            <Progress value={percent} aria-label={t("progress", { title })} />
          )}
        </li>
      ))}
    </Stack>
  );
}
