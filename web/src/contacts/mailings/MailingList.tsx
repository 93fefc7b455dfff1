import { Anchor, Badge, Button, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { idOf } from "../../api/client";
import { listOf } from "../../api/queries";
import type { Mailing } from "../../api/types";
import { formatTime } from "../../kit/days";
import { NothingYet } from "../../kit/EmptyState";
import { Loaded, SettingsPage } from "../../kit/SettingsPage";

/** The letters that went to many contacts, and those still being written. */
export function MailingList() {
  const { t } = useTranslation("mailings");
  const choose = (
    <Button component={Link} to="/contacts" variant="default">
      {t("choose")}
    </Button>
  );
  return (
    <SettingsPage title={t("title")} lead={t("lead")} action={choose}>
      <Loaded query={useQuery({ ...listOf("mailings", { pageSize: 200 }), staleTime: 0 })}>
        {({ records }) =>
          records.length === 0 ? (
            <NothingYet title={t("nothing")} text={t("nothingText")} />
          ) : (
            <Table aria-label={t("title")}>
              <Table.Tbody>
                {records.map((mailing) => (
                  <Row key={mailing.name} mailing={mailing} />
                ))}
              </Table.Tbody>
            </Table>
          )
        }
      </Loaded>
    </SettingsPage>
  );
}

function Row({ mailing }: { mailing: Mailing }) {
  const { t } = useTranslation("mailings");
  const { name, subject, state, createTime, startTime, recipientCount, sentCount } = mailing;
  return (
    <Table.Tr>
      <Table.Td className="anywhere">
        <Anchor component={Link} to={`/mailings/${idOf(name)}` as "/"} inherit>
          {subject || t("noSubject")}
        </Anchor>
        <Text size="xs" className="quiet">
          {formatTime(startTime ?? createTime ?? "")}
          {state !== "DRAFT" && ` · ${t("sentOf", { sent: sentCount, total: recipientCount })}`}
        </Text>
      </Table.Td>
      <Table.Td ta="right">
        <Badge variant="default" tt="none" fw={500}>
          {t(`state.${state}`)}
        </Badge>
      </Table.Td>
    </Table.Tr>
  );
}
