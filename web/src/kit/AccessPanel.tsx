import { Button, Table, Text } from "@mantine/core";
import { IconEye } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { answer, api } from "../api/client";
import { keys } from "../api/queries";
import type { AccessEntry } from "../api/types";
import { Principal } from "./Person";
import { Loaded } from "./SettingsPage";

/** Who may see a record, and why. Any record explains itself under the same verb. */
const explanationOf = (name: string) => ({
  queryKey: [...keys.one(name), "access"],
  queryFn: () =>
    answer<{ entries: AccessEntry[] }>(
      api.GET(`/v1/${name}:explainAccess` as "/v1/contacts/{contact}:explainAccess", {} as never),
    ),
});

/** "Who can see this, and why": asked for by a button, since few want to know. */
export function AccessPanel({ name }: { name: string }) {
  const { t } = useTranslation("kit");
  const [shown, setShown] = useState(false);
  return (
    <div>
      <Button
        size="compact-sm"
        variant="subtle"
        mt="sm"
        leftSection={<IconEye size={14} />}
        aria-expanded={shown}
        onClick={() => setShown(!shown)}
      >
        {t("access.title")}
      </Button>
      {shown && <Entries name={name} />}
    </div>
  );
}

function Entries({ name }: { name: string }) {
  const { t } = useTranslation("kit");
  return (
    <Loaded query={useQuery(explanationOf(name))}>
      {({ entries }) => (
        <Table aria-label={t("access.title")} mt="xs" verticalSpacing={6}>
          <Table.Tbody>
            {entries.map(({ principal, level, reason }) => (
              <Table.Tr key={principal + reason}>
                <Table.Td>
                  <Principal name={principal} />
                  <Text size="xs" className="quiet" pl={29}>
                    {t(`access.reason.${reason}`)}
                    {": "}
                    {t(`access.level.${level}`)}
                  </Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Loaded>
  );
}
