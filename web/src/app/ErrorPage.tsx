import { Anchor, Center, Container, Stack, Text } from "@mantine/core";
import { Link, useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { ErrorBox } from "../kit/ErrorBox";
import { Logo } from "./Logo";

/** Shown where a page could not be shown at all. */
export function PageError({ error }: { error: unknown }) {
  const router = useRouter();
  return (
    <Container size="xs" py={80} component="main">
      <ErrorBox error={error} onRetry={() => void router.invalidate()} />
    </Container>
  );
}

export function PageMissing() {
  const { t } = useTranslation();
  return (
    <Center mih="60vh" component="main">
      <Stack align="center">
        <Logo size={40} />
        <Text component="h1">{t("notFound")}</Text>
        <Anchor component={Link} to="/contacts">
          {t("home")}
        </Anchor>
      </Stack>
    </Center>
  );
}
