import { useHotkeys, useLocalStorage } from "@mantine/hooks";

/** Shortcuts of one letter may be turned off by those whose voice or tremor would press them (WCAG 2.1.4). */
export function useSingleKeys() {
  return useLocalStorage({ key: "rapport.singleKeys", defaultValue: true, getInitialValueInEffect: false });
}

type Shortcut = [key: string, act: (event: KeyboardEvent) => void];

const inDialog = () => document.querySelector("[aria-modal=true]") !== null;

/** Keys by their place on the keyboard: `J` works while the Russian layout is on. */
const PHYSICAL = { usePhysicalKeys: true, preventDefault: false };

/** Shortcuts of one letter; silent while somebody types, or a dialog is open. */
export function useShortcuts(shortcuts: Shortcut[]) {
  const [on] = useSingleKeys();
  const guarded = shortcuts.map(([key, act]): [string, (event: KeyboardEvent) => void, typeof PHYSICAL] => [
    key,
    (event) => {
      if (!on || inDialog()) return;
      // Enter on a button or a link is for that button or link.
      if (key === "Enter" && event.target instanceof HTMLElement && event.target.closest("a, button")) return;
      event.preventDefault();
      act(event);
    },
    PHYSICAL,
  ]);
  useHotkeys(guarded);
}

/** The two keys of every form; they work from inside its fields. */
export function useSaveKeys(save: () => void, saveAndNew?: () => void) {
  const unlessInDialog = (act?: () => void) => () => {
    if (!inDialog()) act?.();
  };
  useHotkeys(
    [
      ["mod+Enter", unlessInDialog(save)],
      ["mod+shift+Enter", unlessInDialog(saveAndNew)],
    ],
    [],
    true,
  );
}
