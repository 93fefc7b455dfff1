import { Button, Group, Menu, Text } from "@mantine/core";
import { IconChevronDown, IconDoorEnter, IconMailForward, IconMessageReply, IconUserMinus } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { Event, EventParticipant } from "../../api/types";
import { tell } from "../../kit/toasts";
import { markAttendance, noteAnswers } from "./calls";
import { useGuestChange } from "./changes";
import { isOver } from "./expected";
import classes from "./guests.module.css";

type Props = {
  event: Event;
  guests: EventParticipant[];
  onInvite: () => void;
  onRemove: () => void;
  onUnselect: () => void;
};

const ANSWERS = ["ACCEPTED", "DECLINED", "PENDING"] as const;
const ATTENDANCES = ["ATTENDED", "ABSENT", undefined] as const;

/** What can be done with the guests that were chosen, each by one call. */
export function GuestBulk({ event, guests, onInvite, onRemove, onUnselect }: Props) {
  const { t } = useTranslation(["events", "kit"]);
  const change = useGuestChange(event.name);
  const count = guests.length;
  const contacts = guests.map(({ contact }) => contact);
  const make = (run: () => Promise<unknown>) =>
    change.mutate(async () => {
      await run();
      tell(t("guests.noted", { count }));
      onUnselect();
    });
  return (
    <Group gap="xs" className={classes.bulk} role="group" aria-label={t("guests.withChosen")}>
      <Text size="sm" fw={600} role="status">
        {t("guests.chosen", { count })}
      </Text>
      {!isOver(event) && (
        <Button size="compact-sm" variant="default" leftSection={<IconMailForward size={14} />} onClick={onInvite}>
          {t("guests.inviteChosen")}
        </Button>
      )}
      <Several label={t("guests.noteAnswer")} icon={<IconMessageReply size={14} />} busy={change.isPending}>
        {ANSWERS.map((answer) => (
          <Menu.Item key={answer} onClick={() => make(() => noteAnswers(event, contacts, answer))}>
            {t(`guests.note.${answer}`)}
          </Menu.Item>
        ))}
      </Several>
      <Several label={t("guests.markAttendance")} icon={<IconDoorEnter size={14} />} busy={change.isPending}>
        {ATTENDANCES.map((attendance) => (
          <Menu.Item key={attendance} onClick={() => make(() => markAttendance(event, contacts, attendance))}>
            {t(`guests.mark.${attendance ?? "NONE"}`)}
          </Menu.Item>
        ))}
      </Several>
      <Button size="compact-sm" variant="default" leftSection={<IconUserMinus size={14} />} onClick={onRemove}>
        {t("guests.remove.action")}
      </Button>
      <Button size="compact-sm" variant="subtle" onClick={onUnselect}>
        {t("kit:unselect")}
      </Button>
    </Group>
  );
}

type SeveralProps = { label: string; icon: ReactNode; busy: boolean; children: ReactNode };

function Several({ label, icon, busy, children }: SeveralProps) {
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button
          size="compact-sm"
          variant="default"
          loading={busy}
          leftSection={icon}
          rightSection={<IconChevronDown size={14} />}
        >
          {label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>{children}</Menu.Dropdown>
    </Menu>
  );
}
