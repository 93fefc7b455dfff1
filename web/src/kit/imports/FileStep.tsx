import { Checkbox, NativeSelect, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { Section } from "../RecordPage";
import type { Import, StepProps } from "./kind";

const ENCODINGS = ["utf-8", "utf-16", "cp1251", "koi8-r", "cp866", "cp1252"];
const DELIMITERS = [",", ";", "\t", "|", ":", " "] as const;
const QUOTES = ['"', "'", ""] as const;

const SAID = { ",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", ":": "colon", " ": "space" } as const;

/** What the file was found to be, which can be corrected. */
export function FileStep({ made, change }: StepProps) {
  const { t } = useTranslation("imports");
  return (
    <Section title={t("detected.title")}>
      <Stack maw={420}>
        <Text size="sm" role="status">
          {t("detected.rows", { count: made.rowCount, format: made.format })}
        </Text>
        {made.format === "CSV" && (
          <>
            <NativeSelect
              label={t("detected.encoding")}
              data={ENCODINGS}
              value={made.encoding}
              onChange={(event) => change({ encoding: event.currentTarget.value })}
            />
            <NativeSelect
              label={t("detected.delimiter")}
              data={DELIMITERS.map((value) => ({ value, label: t(`delimiter.${SAID[value]}`) }))}
              value={made.delimiter}
              onChange={(event) => change({ delimiter: event.currentTarget.value as Import["delimiter"] })}
            />
            <NativeSelect
              label={t("detected.quote")}
              data={QUOTES.map((value) => ({ value, label: value || t("detected.noQuote") }))}
              value={made.quote}
              onChange={(event) => change({ quote: event.currentTarget.value as Import["quote"] })}
            />
          </>
        )}
        {made.format !== "VCARD" && (
          <Checkbox
            label={t("detected.header")}
            checked={made.hasHeader}
            onChange={(event) => change({ hasHeader: event.currentTarget.checked })}
          />
        )}
      </Stack>
    </Section>
  );
}
