import {
  IconBulb,
  IconCalendarCheck,
  IconCalendarEvent,
  IconCalendarOff,
  IconCalendarRepeat,
  IconCalendarTime,
  IconCirclePlus,
  IconDoorEnter,
  IconFileInvoice,
  IconFileText,
  IconMail,
  IconMailForward,
  IconMapPin,
  IconMessageCircle,
  IconNote,
  IconPaperclip,
  IconPhone,
  IconPresentation,
  IconPrinter,
  IconShare,
  IconToolsKitchen2,
  IconTruckDelivery,
  IconUserCheck,
  IconUserPlus,
  IconUserX,
  IconArrowMerge,
  type Icon,
} from "@tabler/icons-react";

import type { HistoryCategory, HistoryEntry } from "../../api/types";

export type CategoryIcon = HistoryCategory["icon"];

/** The pictures that categories may have. */
export const CATEGORY_ICONS: Record<CategoryIcon, Icon> = {
  NOTE: IconNote,
  EMAIL: IconMail,
  CALL: IconPhone,
  APPOINTMENT: IconCalendarEvent,
  DOCUMENT: IconFileText,
  CHAT: IconMessageCircle,
  DEMO: IconPresentation,
  LUNCH: IconToolsKitchen2,
  DELIVERY: IconTruckDelivery,
  FAX: IconPrinter,
  SOCIAL: IconShare,
  IDEA: IconBulb,
};

/** The pictures of what services announce. */
export const KIND_ICONS: Record<HistoryEntry["kind"], Icon> = {
  NOTE: IconNote,
  CONTACT_MERGED: IconArrowMerge,
  INVOICE_CREATED: IconFileInvoice,
  MAILED: IconMailForward,
  FILE_ADDED: IconPaperclip,
  PARTICIPANT_ADDED: IconUserPlus,
  EVENT_CLOSED: IconCalendarCheck,
  EVENT_CANCELLED: IconCalendarOff,
  EVENT_REOPENED: IconCalendarRepeat,
  PARTICIPANTS_INVITED: IconMailForward,
  INVITATION_ACCEPTED: IconUserCheck,
  INVITATION_DECLINED: IconUserX,
  ATTENDED: IconDoorEnter,
  RECORD_CREATED: IconCirclePlus,
  EVENT_RESCHEDULED: IconCalendarTime,
  EVENT_RELOCATED: IconMapPin,
  PARTICIPANTS_TOLD: IconMailForward,
};
