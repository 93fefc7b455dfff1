import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";

import { tellError } from "./toasts";

const TIME_TO_THINK_MS = 10_000;

/** Says what was done, with a button that takes it back. */
export function tellUndoable(message: string, label: string, undo: () => Promise<unknown>) {
  const takeBack = () => {
    notifications.hide(id);
    undo().catch(tellError);
  };
  const id: string = notifications.show({
    message: (
      <Group justify="space-between" wrap="nowrap">
        <span className="anywhere">{message}</span>
        <Button size="compact-sm" variant="default" style={{ flex: "none" }} onClick={takeBack}>
          {label}
        </Button>
      </Group>
    ),
    color: "green",
    autoClose: TIME_TO_THINK_MS,
  });
}
