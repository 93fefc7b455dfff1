import { Badge, Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { EventParticipant } from "../../api/types";
import { formatTime } from "../../kit/days";
import { answerOf, attendanceOf, type GuestAnswer } from "./calls";
import classes from "./guests.module.css";

const COLORS: Record<GuestAnswer, string> = { PENDING: "gray", ACCEPTED: "green", DECLINED: "red", WAITING: "yellow" };

/** What a guest answered, and whether he was there. */
export function Marks({ guest }: { guest: EventParticipant }) {
  const { t } = useTranslation("events");
  const { responseTime } = guest;
  const response = answerOf(guest);
  const attendance = attendanceOf(guest);
  return (
    <div className={classes.marks}>
      {response && (
        <Tooltip label={responseTime ? formatTime(responseTime) : ""} disabled={!responseTime}>
          <Badge variant="light" color={COLORS[response]} tt="none" fw={500} className={classes.mark}>
            {response === "WAITING" && guest.waitingPosition > 0
              ? t("guests.waitingAt", { position: guest.waitingPosition })
              : t(`guests.answer.${response}`)}
          </Badge>
        </Tooltip>
      )}
      {attendance && (
        <Badge
          variant="outline"
          color={attendance === "ATTENDED" ? "green" : "gray"}
          tt="none"
          fw={500}
          className={classes.mark}
        >
          {t(`guests.attendance.${attendance}`)}
        </Badge>
      )}
    </div>
  );
}
