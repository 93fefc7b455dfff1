import { ActionIcon, Anchor, Badge, Button, Table } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { idOf } from "../../api/client";
import { keys, listOf } from "../../api/queries";
import type { ContactForm } from "../../api/types";
import { ActDialog } from "../../kit/ActDialog";
import { NothingYet } from "../../kit/EmptyState";
import { Loaded, SettingsPage } from "../../kit/SettingsPage";
import { deleteForm } from "./calls";

/** The forms on websites, whose visitors become contacts. */
export function FormsPage() {
  const { t } = useTranslation(["forms", "contactSettings", "contacts"]);
  const client = useQueryClient();
  const [deleting, setDeleting] = useState<ContactForm>();
  const add = (
    <Button component={Link} to="/settings/contact-forms/new" leftSection={<IconPlus size={16} />}>
      {t("new")}
    </Button>
  );
  return (
    <SettingsPage title={t("title")} lead={t("lead")} action={add}>
      <Loaded query={useQuery(listOf("contactForms", { pageSize: 200 }))}>
        {({ records }) =>
          records.length === 0 ? (
            <NothingYet title={t("nothing")} text={t("nothingText")} />
          ) : (
            <Table aria-label={t("title")}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("formTitle")}</Table.Th>
                  <Table.Th>{t("becomes")}</Table.Th>
                  <Table.Th ta="right">{t("count")}</Table.Th>
                  <Table.Th aria-label={t("contactSettings:delete")} />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {records.map((form) => (
                  <Table.Tr key={form.name}>
                    <Table.Td className="anywhere">
                      <Anchor component={Link} to={`/settings/contact-forms/${idOf(form.name)}` as string}>
                        {form.title}
                      </Anchor>{" "}
                      {form.paused && (
                        <Badge color="gray" variant="light" tt="none">
                          {t("pausedNow")}
                        </Badge>
                      )}
                    </Table.Td>
                    <Table.Td>{t(`contacts:kind.${form.kind}`)}</Table.Td>
                    <Table.Td ta="right">{form.submissionCount}</Table.Td>
                    <Table.Td ta="right">
                      <ActionIcon
                        variant="subtle"
                        color="gray"
                        aria-label={t("contactSettings:deleteOne", { title: form.title })}
                        onClick={() => setDeleting(form)}
                      >
                        <IconTrash size={17} />
                      </ActionIcon>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )
        }
      </Loaded>
      {deleting && (
        <ActDialog
          title={t("contactSettings:deleteTitle", { title: deleting.title })}
          text={t("deleteText")}
          action={t("contactSettings:delete")}
          danger
          run={() => deleteForm(deleting)}
          onDone={() => {
            setDeleting(undefined);
            void client.invalidateQueries({ queryKey: keys.lists("contactForms") });
          }}
          onClose={() => setDeleting(undefined)}
        />
      )}
    </SettingsPage>
  );
}
