import { Button, Group, Switch, Table, Text, TextInput } from "@mantine/core";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import clsx from "clsx";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { keys } from "../../api/queries";
import type { ImportRow } from "../../api/types";
import { Section } from "../RecordPage";
import { Loaded } from "../SettingsPage";
import { tellError } from "../toasts";
import { correct, previewOf } from "./calls";
import classes from "./imports.module.css";
import { useColumnTitle, useKind, type Import } from "./kind";

/** The rows as they will be read; what is wrong in a cell is mended in it. */
export function PreviewStep({ made }: { made: Import }) {
  const { t } = useTranslation("imports");
  const [onlyProblems, setOnlyProblems] = useState(false);
  const [pages, setPages] = useState([""]);
  const preview = useQuery({
    ...previewOf(made.name, { onlyProblems, pageToken: pages.at(-1) ?? "" }),
    placeholderData: keepPreviousData,
  });
  const titleOf = useColumnTitle(made);
  const shown = made.columns.filter(({ field }) => field !== "");
  return (
    <Section title={t("check.title")}>
      <Group justify="space-between" mb="sm">
        <Text size="sm" className="quiet">
          {t("check.lead")}
        </Text>
        <Switch
          label={t("check.onlyProblems")}
          checked={onlyProblems}
          onChange={(event) => {
            setOnlyProblems(event.currentTarget.checked);
            setPages([""]);
          }}
        />
      </Group>
      <Loaded query={preview}>
        {({ rows, nextPageToken }) => (
          <>
            {rows.length === 0 && <Text size="sm">{t(onlyProblems ? "check.fine" : "check.nothing")}</Text>}
            {rows.length > 0 && (
              <Table.ScrollContainer minWidth={520} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
                <Table aria-label={t("check.title")} verticalSpacing={4}>
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th>{t("check.row")}</Table.Th>
                      {shown.map(({ index }) => (
                        <Table.Th key={index}>{titleOf(index)}</Table.Th>
                      ))}
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {rows.map((row) => (
                      <Row key={row.row} {...{ made, row, titleOf }} columns={shown.map(({ index }) => index)} />
                    ))}
                  </Table.Tbody>
                </Table>
              </Table.ScrollContainer>
            )}
            <Group mt="sm">
              <Button
                size="xs"
                variant="default"
                disabled={pages.length === 1}
                onClick={() => setPages(pages.slice(0, -1))}
              >
                {t("check.previous")}
              </Button>
              <Button
                size="xs"
                variant="default"
                disabled={!nextPageToken}
                onClick={() => setPages([...pages, nextPageToken])}
              >
                {t("check.next")}
              </Button>
            </Group>
          </>
        )}
      </Loaded>
    </Section>
  );
}

/** Where the API's own words are good enough. */
const useNothing = () => (): undefined => undefined;

type RowProps = { made: Import; row: ImportRow; columns: number[]; titleOf: (column: number) => string };

function Row({ made, row, columns, titleOf }: RowProps) {
  const { useProblem = useNothing } = useKind();
  const inWords = useProblem();
  const problemOf = (column: number) => {
    const problem = row.problems.find((each) => each.column === column);
    return problem && (inWords(made.columns[column]?.field ?? "", problem.reason) ?? problem.message);
  };
  const whole = problemOf(-1);
  return (
    <Table.Tr className={clsx(classes.row, whole && classes.wrong)}>
      <Table.Td className="numeric">
        {row.row}
        {whole && (
          <Text size="xs" className="danger" style={{ whiteSpace: "normal" }}>
            {whole}
          </Text>
        )}
      </Table.Td>
      {columns.map((column) => (
        <Table.Td key={column} className={classes.cell}>
          <Cell
            key={row.cells[column]}
            {...{
              made,
              row: row.row,
              column,
              title: titleOf(column),
              value: row.cells[column] ?? "",
              problem: problemOf(column),
            }}
            mended={row.corrected.includes(column)}
          />
        </Table.Td>
      ))}
    </Table.Tr>
  );
}

type CellProps = {
  made: Import;
  row: number;
  column: number;
  title: string;
  value: string;
  problem: string | undefined;
  mended: boolean;
};

/** A cell; a wrong one, or one mended already, can be written anew. */
function Cell({ made, row, column, title, value, problem, mended }: CellProps) {
  const { t } = useTranslation("imports");
  const client = useQueryClient();
  const [typed, setTyped] = useState(value);
  if (problem === undefined && !mended) return value;
  const mend = () => {
    if (typed === value) return;
    void correct(made, row, column, typed)
      .catch(tellError)
      .finally(() => void client.invalidateQueries({ queryKey: [...keys.one(made.name), "preview"] }));
  };
  return (
    <TextInput
      size="xs"
      aria-label={t("check.mend", { row, column: title })}
      error={problem}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={mend}
      onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
    />
  );
}
