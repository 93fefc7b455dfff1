import { ActionIcon, Button, CloseButton, FileButton, Group, Progress, Stack, Text } from "@mantine/core";
import { IconPlayerStop, IconUpload } from "@tabler/icons-react";
import clsx from "clsx";
import { useState, type DragEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import classes from "./files.module.css";
import type { Upload } from "./uploads";

type AreaProps = { onFiles: (files: File[]) => void; className?: string; children: ReactNode };

const holdsFiles = (event: DragEvent) => event.dataTransfer.types.includes("Files");

/** A part of the page on which files are dropped. */
export function DropArea({ onFiles, className, children }: AreaProps) {
  const [over, setOver] = useState(false);
  return (
    <div
      className={clsx(classes.area, className)}
      data-over={over || undefined}
      onDragOver={(event) => {
        if (!holdsFiles(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={({ currentTarget, relatedTarget }) => {
        if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) setOver(false);
      }}
      onDrop={(event) => {
        if (!holdsFiles(event)) return;
        event.preventDefault();
        setOver(false);
        const files = [...event.dataTransfer.files];
        if (files.length > 0) onFiles(files);
      }}
    >
      {children}
    </div>
  );
}

type ButtonProps = { label: string; onFiles: (files: File[]) => void; children?: ReactNode };

/** The button by which files are chosen, and a word that they may be dropped. */
export function ChooseFiles({ label, onFiles, children }: ButtonProps) {
  const { t } = useTranslation("files");
  return (
    <Group gap="xs">
      <FileButton multiple onChange={(files) => files.length > 0 && onFiles(files)}>
        {(button) => (
          <Button size="xs" variant="default" leftSection={<IconUpload size={14} />} {...button}>
            {label}
          </Button>
        )}
      </FileButton>
      {children}
      <Text size="sm" className="quiet" visibleFrom="sm">
        {t("drop")}
      </Text>
    </Group>
  );
}

/** Where files are dropped, or chosen by a button. */
export function DropZone(props: ButtonProps) {
  return (
    <DropArea onFiles={props.onFiles} className={classes.drop}>
      <ChooseFiles {...props} />
    </DropArea>
  );
}

/** The files on their way, each with a button that stops it, and those that were not taken. */
export function Uploads({ uploads, onDrop }: { uploads: Upload[]; onDrop: (key: number) => void }) {
  const { t } = useTranslation("files");
  if (uploads.length === 0) return null;
  return (
    <Stack gap={6} component="ul" className={classes.list} aria-label={t("uploading")}>
      {uploads.map(({ key, title, percent, problem }) => (
        <li key={key}>
          <Group gap="xs" wrap="nowrap">
            <Text size="sm" className="anywhere" style={{ flex: 1 }}>
              {title}
            </Text>
            {problem ? (
              <CloseButton size="sm" aria-label={t("dismiss", { title })} onClick={() => onDrop(key)} />
            ) : (
              <>
                <Text size="sm" className="quiet numeric">
                  {percent} %
                </Text>
                <ActionIcon
                  size="sm"
                  variant="subtle"
                  color="gray"
                  aria-label={t("stop", { title })}
                  onClick={() => onDrop(key)}
                >
                  <IconPlayerStop size={15} />
                </ActionIcon>
              </>
            )}
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
