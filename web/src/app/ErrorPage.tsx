import { Anchor, Center, Container, Stack, Text } from "@mantine/core";
import { Link, Navigate, useLocation, useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { ErrorBox } from "../kit/ErrorBox";
import { PageTitle } from "../kit/PageTitle";
import { pathOf } from "../kit/records";
import { Logo } from "./Logo";

/** Shown where a page could not be shown at all. */
export function PageError({ error }: { error: unknown }) {
  const { t } = useTranslation("errors");
  const router = useRouter();
  return (
    <Container size="xs" py={80}>
      <PageTitle title={t("title")} />
      <ErrorBox error={error} onRetry={() => void router.invalidate()} />
    </Container>
  );
}

/** Shown at an address that means nothing. Mails name records as the API does: those lead to their pages. */
export function PageMissing() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const page = pathOf(pathname.slice(1));
  if (page && page !== pathname) return <Navigate to={page as "/"} replace />;
  return (
    <Center mih="60vh">
      <PageTitle title={t("notFound").replace(/\.$/, "")} />
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
