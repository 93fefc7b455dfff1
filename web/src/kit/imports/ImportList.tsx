import { Anchor, Badge, Button, FileButton, Stack, Table, Text } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { idOf } from "../../api/client";
import { keys, listOf } from "../../api/queries";
import { formatTime } from "../days";
import { ErrorBox } from "../ErrorBox";
import { Section } from "../RecordPage";
import { Loaded, SettingsPage } from "../SettingsPage";
import { upload } from "./calls";
import { countsOf, useKind, type ImportKind } from "./kind";
import classes from "./imports.module.css";

/** Where a file is brought along, and what became of those before. */
export function ImportList() {
  const { t } = useTranslation("imports");
  const { words } = useKind();
  return (
    <SettingsPage title={t(`of.${words}.title`)} lead={t(`of.${words}.lead`)}>
      <Section title={t("file.title")}>
        <DropFile />
      </Section>
      <Section title={t("past")}>
        <Past />
      </Section>
    </SettingsPage>
  );
}

function DropFile() {
  const { t } = useTranslation("imports");
  const navigate = useNavigate();
  const client = useQueryClient();
  const [over, setOver] = useState(false);
  const kind = useKind();
  const sent = kind.useSent();
  const sending = useMutation({
    mutationFn: (file: File) => upload(kind, file, sent),
    onSuccess: (made) => {
      client.setQueryData(keys.one(made.name), made);
      void client.invalidateQueries({ queryKey: keys.lists(kind.collection) });
      void navigate({ to: `${kind.page}/${idOf(made.name)}` as "/imports" });
    },
  });
  const take = (file: File | null | undefined) => file && sending.mutate(file);
  return (
    <Stack>
      <div
        className={classes.drop}
        data-over={over || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          take(event.dataTransfer.files[0]);
        }}
      >
        <IconUpload size={28} stroke={1.5} aria-hidden />
        <Text size="sm">{t("file.drop")}</Text>
        <FileButton accept={kind.accept} onChange={take}>
          {(button) => (
            <Button loading={sending.isPending} {...button}>
              {t("file.choose")}
            </Button>
          )}
        </FileButton>
        <Text size="xs" className="quiet" ta="center">
          {t(`of.${kind.words}.hint`)}
        </Text>
      </div>
      {sending.error && <ErrorBox error={sending.error} />}
    </Stack>
  );
}

function Past() {
  const { t } = useTranslation("imports");
  const { collection, page, words } = useKind();
  const imports = useQuery(listOf<ImportKind["collection"]>(collection, { pageSize: 50, orderBy: "create_time desc" }));
  return (
    <Loaded query={imports}>
      {({ records }) =>
        records.length === 0 ? (
          <span className="quiet">{t("nothing")}</span>
        ) : (
          <Table aria-label={t("past")}>
            <Table.Tbody>
              {records.map((made) => (
                <Table.Tr key={made.name}>
                  <Table.Td className="anywhere">
                    <Anchor component={Link} to={`${page}/${idOf(made.name)}` as "/"} inherit>
                      {made.fileName}
                    </Anchor>
                    <Text size="xs" className="quiet">
                      {formatTime(made.createTime)}
                      {made.state === "SUCCEEDED" && !made.dryRun && ` · ${t(`of.${words}.made`, countsOf(made))}`}
                    </Text>
                  </Table.Td>
                  <Table.Td ta="right">
                    <Badge variant="default" tt="none" fw={500}>
                      {t(`state.${made.dryRun && made.state === "SUCCEEDED" ? "TRIED" : made.state}`)}
                    </Badge>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )
      }
    </Loaded>
  );
}
