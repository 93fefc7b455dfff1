import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

import { i18n } from "./i18n";

const ink: MantineColorsTuple = [
  "#eef4fa",
  "#dbe7f2",
  "#b5cee5",
  "#8bb3d8",
  "#679bcb",
  "#4f8cc3",
  "#417fb8",
  "#346b9e",
  "#2f5d8a",
  "#234d75",
];

/** The look of everything, in one place. What Mantine does not know as a token is a variable in tokens.css. */
export function themeIn() {
  const close = i18n.t("kit:close");
  return createTheme({
    primaryColor: "ink",
    colors: { ink },
    // These two keep every filled button readable in both schemes (WCAG 1.4.3).
    primaryShade: 8,
    autoContrast: true,
    defaultRadius: "md",
    cursorType: "pointer",
    fontFamily: "Inter, 'Segoe UI', system-ui, -apple-system, Roboto, 'Noto Sans', 'Liberation Sans', sans-serif",
    fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.125rem" },
    headings: {
      fontWeight: "600",
      sizes: {
        h1: { fontSize: "1.375rem", lineHeight: "1.3" },
        h2: { fontSize: "1.0625rem" },
        h3: { fontSize: "0.9375rem" },
      },
    },
    components: {
      // Mantine has no language pack: what only a screen reader hears is named here. By their names, so that a dialog is
      // not loaded before somebody opens one.
      CloseButton: { defaultProps: { "aria-label": close } },
      Modal: { defaultProps: { closeButtonProps: { "aria-label": close }, centered: true } },
      Drawer: { defaultProps: { closeButtonProps: { "aria-label": close } } },
      Notification: { defaultProps: { closeButtonProps: { "aria-label": close } } },
      Alert: { defaultProps: { closeButtonLabel: close } },
      // The placeholder that takes the focus when a menu opens is no item, which a menu may not hold.
      Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
      Popover: { defaultProps: { shadow: "md" } },
    },
  });
}

/** Mantine's own grey for hints and red for errors are too pale for small print in either scheme (WCAG 1.4.3). */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: { "--mantine-color-dimmed": "var(--text-quiet)", "--mantine-color-error": "var(--danger)" },
  dark: {
    "--mantine-color-dimmed": "var(--text-quiet)",
    "--mantine-color-error": "var(--danger)",
    "--mantine-color-body": "var(--surface)",
  },
});
