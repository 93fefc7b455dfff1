import { Button, FileButton, Group, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { ErrorBox } from "./ErrorBox";

type Props = {
  /** What it looks like now. */
  picture: ReactNode;
  present: boolean;
  upload: (file: File) => Promise<unknown>;
  remove: () => Promise<unknown>;
};

/** Shows a picture, takes another one, or removes it. */
export function PictureInput({ picture, present, upload, remove }: Props) {
  const { t } = useTranslation("kit");
  const change = useMutation({ mutationFn: (file: File | null) => (file ? upload(file) : remove()) });
  return (
    <Stack gap="xs">
      <Group>
        {picture}
        <Stack gap={6}>
          <Group gap="xs">
            <FileButton
              accept="image/jpeg,image/png,image/webp,image/gif"
              onChange={(file) => file && change.mutate(file)}
            >
              {(button) => (
                <Button size="xs" variant="default" loading={change.isPending} {...button}>
                  {present ? t("picture.change") : t("picture.choose")}
                </Button>
              )}
            </FileButton>
            {present && (
              <Button size="xs" variant="subtle" onClick={() => change.mutate(null)}>
                {t("picture.remove")}
              </Button>
            )}
          </Group>
          <Text size="xs" className="quiet">
            {t("picture.rules")}
          </Text>
        </Stack>
      </Group>
      {change.error && <ErrorBox error={change.error} />}
    </Stack>
  );
}
