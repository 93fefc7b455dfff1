import { useTranslation } from "react-i18next";

import { ImportList } from "../../kit/imports/ImportList";
import { ImportPage } from "../../kit/imports/ImportPage";
import { KindContext, type ImportKind } from "../../kit/imports/kind";
import { useContactFieldNames } from "./fields";
import { Options } from "./Options";

const CONTACTS: ImportKind = {
  collection: "contactImports",
  page: "/imports",
  records: "/contacts",
  words: "contacts",
  accept: ".csv,.txt,.tsv,.xlsx,.vcf,text/csv,text/vcard",
  useSent: () => ({}),
  useFieldNames: useContactFieldNames,
  Options,
  useProblem: () => {
    const { t } = useTranslation("errors");
    // As the form of a contact says it.
    return (field, reason) => (reason === "string.pattern" && field.startsWith("phones.") ? t("phone") : undefined);
  },
};

/** Where a file of contacts is brought along. */
export function ContactImports() {
  return (
    <KindContext value={CONTACTS}>
      <ImportList />
    </KindContext>
  );
}

/** One file of contacts. */
export function OneContactImport() {
  return (
    <KindContext value={CONTACTS}>
      <ImportPage />
    </KindContext>
  );
}
