import { useMantineColorScheme, type MantineColorScheme } from "@mantine/core";
import { useEffect } from "react";

import type { User } from "../api/types";
import { changeMe } from "./session";

export type Theme = User["theme"];

export const THEMES = ["SYSTEM", "LIGHT", "DARK"] as const satisfies Theme[];

const SCHEMES: Record<Theme, MantineColorScheme> = { SYSTEM: "auto", LIGHT: "light", DARK: "dark" };

/** The colours that somebody works in: shown at once, and found so on the next device. */
export function useTheme() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return {
    theme: THEMES.find((theme) => SCHEMES[theme] === colorScheme) ?? "SYSTEM",
    chooseTheme: (theme: Theme) => {
      setColorScheme(SCHEMES[theme]);
      return changeMe({ theme });
    },
  };
}

/** Turns to the colours that somebody has chosen, here or elsewhere. */
export function useOwnTheme(theme: Theme | undefined) {
  const { setColorScheme } = useMantineColorScheme();
  useEffect(() => {
    if (theme) setColorScheme(SCHEMES[theme]);
  }, [theme, setColorScheme]);
}
