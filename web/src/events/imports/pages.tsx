import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { dictionary, me } from "../../api/queries";
import { BadCells } from "../../kit/imports/BadCells";
import { ImportList } from "../../kit/imports/ImportList";
import { ImportPage } from "../../kit/imports/ImportPage";
import { KindContext, type ImportKind, type StepProps } from "../../kit/imports/kind";
import { TimeZoneSelect } from "../../kit/TimeZoneSelect";
import { AccessFields } from "../BulkActions";

const FIELDS = [
  "title",
  "description",
  "start_time",
  "end_time",
  "place",
  "tags",
  "participants",
  "state",
  "capacity",
  "reminders",
] as const;

function useEventFieldNames() {
  const { t } = useTranslation(["imports", "events"]);
  const own = useQuery(dictionary("eventFields")).data?.records ?? [];
  return [
    { group: t("eventFields.name"), items: FIELDS.map((value) => ({ value, label: t(`eventFields.${value}`) })) },
    {
      group: t("events:field.custom"),
      items: own
        .filter(({ kind }) => kind !== "HEADING")
        .map(({ name, label }) => ({ value: `custom.${name}`, label })),
    },
  ].filter(({ items }) => items.length > 0);
}

/** In whose time the times are, and who may see what is added. */
function Options({ made, change }: StepProps) {
  const { t } = useTranslation("imports");
  return (
    <>
      <TimeZoneSelect
        label={t("options.timeZone")}
        description={t("options.timeZoneHint")}
        value={made.timeZone || "UTC"}
        onChange={(timeZone) => change({ timeZone: timeZone ?? "UTC" })}
      />
      <BadCells made={made} change={change} />
      <AccessFields
        value={{ isPrivate: made.access?.isPrivate ?? false, readers: made.access?.readers ?? [] }}
        onChange={(access) => change({ access })}
      />
    </>
  );
}

const EVENTS: ImportKind = {
  collection: "eventImports",
  page: "/event-imports",
  records: "/events",
  words: "events",
  accept: ".csv,.txt,.tsv,.xlsx,text/csv",
  useSent: () => ({ timeZone: useQuery(me).data?.timeZone ?? "" }),
  useFieldNames: useEventFieldNames,
  Options,
};

/** Where a file of events is brought along. */
export function EventImports() {
  return (
    <KindContext value={EVENTS}>
      <ImportList />
    </KindContext>
  );
}

/** One file of events. */
export function OneEventImport() {
  return (
    <KindContext value={EVENTS}>
      <ImportPage />
    </KindContext>
  );
}
