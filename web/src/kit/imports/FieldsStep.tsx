import { NativeSelect, Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { Section } from "../RecordPage";
import { useKind, type StepProps } from "./kind";

/** Which column of the file is which field of a record. */
export function FieldsStep({ made, change }: StepProps) {
  const { t } = useTranslation("imports");
  const fields = useKind().useFieldNames();
  return (
    <Section title={t("mapping.title")}>
      <Text size="sm" className="quiet" mb="sm">
        {t("mapping.lead")}
      </Text>
      <Table.ScrollContainer minWidth={520} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
        <Table aria-label={t("mapping.title")} layout="fixed">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("mapping.column")}</Table.Th>
              <Table.Th>{t("mapping.samples")}</Table.Th>
              <Table.Th>{t("mapping.field")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {made.columns.map(({ index, header, samples, field }) => {
              const title = header || t("mapping.number", { number: index + 1 });
              return (
                <Table.Tr key={index}>
                  <Table.Td className="anywhere" fw={500}>
                    {title}
                  </Table.Td>
                  <Table.Td className="anywhere quiet">{samples.filter(Boolean).slice(0, 3).join(" · ")}</Table.Td>
                  <Table.Td>
                    <NativeSelect
                      aria-label={t("mapping.of", { column: title })}
                      data={[{ value: "", label: t("mapping.none") }, ...fields]}
                      value={field}
                      onChange={(event) => change({ columns: [{ index, field: event.currentTarget.value }] })}
                    />
                  </Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Section>
  );
}
