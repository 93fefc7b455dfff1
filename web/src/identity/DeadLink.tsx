import { Anchor, Button, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ApiError } from "../api/errors";
import { Door } from "./Door";

/** Notices when the API says that a link works no more, so that the page can say so in place of its form. */
export function useLinkCall<V, R>(token: string, run: (values: V) => Promise<R>) {
  const [dead, setDead] = useState(token === "");
  const call = (values: V) =>
    run(values).catch((error: unknown) => {
      if (error instanceof ApiError && error.reason === "LINK_INVALID") setDead(true);
      throw error;
    });
  return { dead, call };
}

/** A link that was used, replaced or is too old: what that means, and the ways on. */
export function DeadLink({ purpose }: { purpose: "invitation" | "reset" }) {
  const { t } = useTranslation("identity");
  return (
    <Door title={t("deadLink.title")}>
      <Stack>
        <Text size="sm" role="alert">
          {t(`deadLink.${purpose}`)}
        </Text>
        <Button component={Link} to="/sign-in">
          {t("signIn.submit")}
        </Button>
        {purpose === "reset" && (
          <Anchor component={Link} to="/forgot-password" size="sm" ta="center">
            {t("reset.another")}
          </Anchor>
        )}
      </Stack>
    </Door>
  );
}
