import { Button, Group, List, Modal, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

type Props = { files: File[]; onVersions: () => void; onDocuments: () => void; onClose: () => void };

/** Asks what files are that are called as documents which are there already. */
export default function SameName({ files, onVersions, onDocuments, onClose }: Props) {
  const { t } = useTranslation(["files", "kit"]);
  const choose = (send: () => void) => () => {
    onClose();
    send();
  };
  return (
    <Modal opened onClose={onClose} title={t("same.title")}>
      <Stack>
        <Text size="sm">{t("same.text", { count: files.length })}</Text>
        <List size="sm" withPadding className="anywhere">
          {files.map(({ name }, index) => (
            <List.Item key={index}>{name}</List.Item>
          ))}
        </List>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("kit:cancel")}
          </Button>
          <Button variant="default" onClick={choose(onDocuments)}>
            {t("same.documents", { count: files.length })}
          </Button>
          <Button onClick={choose(onVersions)} data-autofocus>
            {t("same.versions", { count: files.length })}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
