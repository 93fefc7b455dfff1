import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { whenSignedOut } from "../api/client";
import { me, queryClient } from "../api/queries";
import { router } from "./routes";
import { cssVariables, themeIn } from "./theme";

// The same key as in public/appearance.js.
const schemes = localStorageColorSchemeManager({ key: "rapport.colorScheme" });

whenSignedOut(() => {
  // Without a session there was nothing to lose: the route itself asks to sign in.
  if (!queryClient.getQueryData(me.queryKey)) return;
  queryClient.clear();
  void router.navigate({ to: "/sign-in", search: { from: router.state.location.href, note: "expired" } });
});

/** The whole application. */
export function App() {
  const { i18n } = useTranslation();
  const language = i18n.language;
  const theme = useMemo(() => language && themeIn(), [language]);
  return (
    <MantineProvider
      theme={theme || undefined}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      colorSchemeManager={schemes}
    >
      <QueryClientProvider client={queryClient}>
        <Notifications position="bottom-right" autoClose={6000} />
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
