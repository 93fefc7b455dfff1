import { createContext, useContext, type ComponentType } from "react";
import { useTranslation } from "react-i18next";

import type { ContactImport, EventImport } from "../../api/types";

type OfContacts = Omit<ContactImport, keyof EventImport>;
type OfEvents = Omit<EventImport, keyof ContactImport>;

/** An import of whatever records; what only those of one kind have may be missing. */
export type Import = Omit<ContactImport, keyof OfContacts> & Partial<OfContacts> & Partial<OfEvents>;

/** What somebody decides about an import. */
export type Decisions = Partial<Omit<Import, "columns">> & { columns?: { index: number; field: string }[] };

export type StepProps = { made: Import; change: (decisions: Decisions) => void };

type Fields = { group: string; items: { value: string; label: string }[] }[];

/** What is brought along: whoever imports another kind of record says so. */
export type ImportKind = {
  collection: "contactImports" | "eventImports";
  /** Where the imports are, and the records that came. */
  page: "/imports" | "/event-imports";
  records: "/contacts" | "/events";
  /** In whose words it is told. */
  words: "contacts" | "events";
  /** Which files are taken. */
  accept: string;
  /** What is sent with the file. */
  useSent: () => Record<string, string>;
  /** Everything that a column may be. */
  useFieldNames: () => Fields;
  /** What is to be decided before it is carried out. */
  Options: ComponentType<StepProps>;
  /** What is wrong with a cell, as the form of the record says it. */
  useProblem?: () => (field: string, reason: string) => string | undefined;
};

export const KindContext = createContext<ImportKind | undefined>(undefined);

export function useKind() {
  const kind = useContext(KindContext);
  if (!kind) throw new Error("nobody says what is imported");
  return kind;
}

/** What a column of a file is called: by the file, or as the field that a vCard has there. */
export function useColumnTitle(made: Import) {
  const { t } = useTranslation("imports");
  const fields = useKind()
    .useFieldNames()
    .flatMap(({ items }) => items);
  return (column: number) => {
    const { header = "", field = "" } = made.columns[column] ?? {};
    const known = made.format === "VCARD" && fields.find(({ value }) => value === (field || header))?.label;
    return known || header || t("mapping.number", { number: column + 1 });
  };
}

/** How many rows came to what. */
export const countsOf = ({
  createdCount,
  updatedCount = 0,
  skippedCount = 0,
  rejectedCount,
  conflictCount = 0,
}: Import) => ({
  created: createdCount,
  updated: updatedCount,
  skipped: skippedCount,
  rejected: rejectedCount - conflictCount,
  conflicts: conflictCount,
});
