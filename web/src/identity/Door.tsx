import { Box, Group, NativeSelect, Paper, Stack, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { LANGUAGES, setLanguage } from "../app/i18n";
import { PortalLogo, usePortalTitle } from "../app/PortalLogo";
import { PageTitle } from "../kit/PageTitle";
import classes from "./Door.module.css";

/** The plain page of those who are not in yet: the mark, the language, and one form. */
export function Door({ title, children }: { title: string; children: ReactNode }) {
  const { t, i18n } = useTranslation("identity");
  return (
    <Box className={classes.page}>
      <PageTitle title={title} />
      <Stack component="main" className={classes.column}>
        <Group gap="sm" justify="center">
          <PortalLogo size={36} />
          <span className={classes.name}>{usePortalTitle()}</span>
        </Group>
        <Paper withBorder p="xl" radius="lg">
          <Title order={1} mb="md">
            {title}
          </Title>
          {children}
        </Paper>
        <NativeSelect
          aria-label={t("language")}
          className={classes.language}
          size="xs"
          data={LANGUAGES}
          value={i18n.language}
          onChange={(event) => void setLanguage(event.currentTarget.value, { keep: true })}
        />
      </Stack>
    </Box>
  );
}
