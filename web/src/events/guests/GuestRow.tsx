import { ActionIcon, Anchor, Checkbox, Menu, Text } from "@mantine/core";
import { IconCheck, IconDoorEnter, IconMailForward, IconMailX, IconUserX, IconX } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import type { Event, EventParticipant } from "../../api/types";
import { formatTime } from "../../kit/days";
import { RowMenu } from "../../kit/EntityTable";
import { answerOf, attendanceOf, markAttendance, noteAnswer } from "./calls";
import { useGuestChange } from "./changes";
import { isOver } from "./expected";
import classes from "./guests.module.css";
import { Marks } from "./Marks";

type Props = {
  event: Event;
  guest: EventParticipant;
  chosen: boolean;
  onChoose: (on: boolean) => void;
  onInvite: () => void;
  onRemove: () => void;
};

/** Somebody who takes part: what he answered, whether the mail reached him, and whether he came. */
export function GuestRow({ event, guest, chosen, onChoose, onInvite, onRemove }: Props) {
  const { t } = useTranslation("events");
  const change = useGuestChange(event.name);
  const { contact, displayName: name, comment } = guest;
  return (
    <li className={classes.guest}>
      <Checkbox
        aria-label={t("guests.choose", { name })}
        checked={chosen}
        onChange={({ currentTarget }) => onChoose(currentTarget.checked)}
      />
      <div className={classes.who}>
        <Anchor component={Link} to={`/${contact}` as "/"} inherit className="anywhere">
          {name}
        </Anchor>
        <Delivery guest={guest} />
        {comment && (
          <Text size="sm" className="preserve-lines">
            «{comment}»
          </Text>
        )}
      </div>
      <Marks guest={guest} />
      <div className={classes.acts}>
        <RowMenu title={name}>
          <Acts {...{ event, guest, onInvite, change }} />
        </RowMenu>
        <ActionIcon variant="subtle" color="gray" aria-label={t("removeParticipant", { name })} onClick={onRemove}>
          <IconX size={16} />
        </ActionIcon>
      </div>
    </li>
  );
}

type ActsProps = Pick<Props, "event" | "guest" | "onInvite"> & { change: ReturnType<typeof useGuestChange> };

/** What can be noted of a guest by hand. */
function Acts({ event, guest, onInvite, change }: ActsProps) {
  const { t } = useTranslation("events");
  const { contact } = guest;
  const response = answerOf(guest);
  const attendance = attendanceOf(guest);
  const coming = response === "ACCEPTED" || response === "WAITING";
  const note = (next: "PENDING" | "ACCEPTED" | "DECLINED") => change.mutate(() => noteAnswer(event, contact, next));
  const mark = (next: "ATTENDED" | "ABSENT" | undefined) => change.mutate(() => markAttendance(event, [contact], next));
  return (
    <>
      {!isOver(event) && (
        <>
          <Menu.Item leftSection={<IconMailForward size={16} />} onClick={onInvite}>
            {t(response ? "guests.inviteAgain" : "guests.inviteOne")}
          </Menu.Item>
          <Menu.Divider />
        </>
      )}
      <Menu.Label>{t("guests.noteAnswer")}</Menu.Label>
      {!coming && (
        <Menu.Item leftSection={<IconCheck size={16} />} onClick={() => note("ACCEPTED")}>
          {t("guests.note.ACCEPTED")}
        </Menu.Item>
      )}
      {response !== "DECLINED" && (
        <Menu.Item leftSection={<IconX size={16} />} onClick={() => note("DECLINED")}>
          {t("guests.note.DECLINED")}
        </Menu.Item>
      )}
      {response && response !== "PENDING" && (
        <Menu.Item onClick={() => note("PENDING")}>{t("guests.note.PENDING")}</Menu.Item>
      )}
      <Menu.Divider />
      {attendance !== "ATTENDED" && (
        <Menu.Item leftSection={<IconDoorEnter size={16} />} onClick={() => mark("ATTENDED")}>
          {t("guests.mark.ATTENDED")}
        </Menu.Item>
      )}
      {attendance !== "ABSENT" && (
        <Menu.Item leftSection={<IconUserX size={16} />} onClick={() => mark("ABSENT")}>
          {t("guests.mark.ABSENT")}
        </Menu.Item>
      )}
      {attendance && <Menu.Item onClick={() => mark(undefined)}>{t("guests.mark.NONE")}</Menu.Item>}
    </>
  );
}

/** What became of the last mail to a guest. */
function Delivery({ guest }: { guest: EventParticipant }) {
  const { t } = useTranslation("events");
  const { delivery, deliveryMessage, address, inviteTime } = guest;
  if (delivery !== "QUEUED" && delivery !== "SENT" && delivery !== "KEPT" && delivery !== "FAILED") return null;
  if (delivery === "FAILED")
    return (
      <Text size="xs" className="danger anywhere">
        <IconMailX size={13} aria-hidden /> {t("guests.delivery.FAILED", { address })}
        {deliveryMessage && `: ${deliveryMessage}`}
      </Text>
    );
  return (
    <Text size="xs" className="quiet anywhere" title={inviteTime && formatTime(inviteTime)}>
      {t(`guests.delivery.${delivery}`, { address })}
    </Text>
  );
}
