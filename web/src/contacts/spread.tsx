import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { contactSettings, listOf } from "../api/queries";
import type { Contact } from "../api/types";
import type { ContactValues } from "./values";

const lower = (tags: string[]) => tags.map((tag) => tag.toLowerCase());

/** What of a change may go to those who belong to the contact. */
function spreading(from: Contact, values: ContactValues) {
  const known = lower(from.tags);
  return {
    temperature: values.temperature !== "" && values.temperature !== from.temperature,
    tags: lower(values.tags).some((tag) => !known.includes(tag)),
  };
}

/** Asks, where administrators want it asked, whether a new temperature or tag goes to the company and its persons. */
export function useSpreadQuestion(): [ReactNode, (from: Contact, values: ContactValues) => Promise<boolean>] {
  const { t } = useTranslation("contacts");
  const client = useQueryClient();
  const [asking, setAsking] = useState<{ kind: Contact["kind"]; reply: (yes: boolean) => void }>();
  const ask = async (from: Contact, values: ContactValues) => {
    const { temperature, tags } = spreading(from, values);
    if (!temperature && !tags) return false;
    const { temperatureToRelated, tagsToRelated } = await client.fetchQuery(contactSettings);
    if (!(temperature && temperatureToRelated === "ASK") && !(tags && tagsToRelated === "ASK")) return false;
    const company = from.kind === "COMPANY" ? from.name : values.company;
    if (!company) return false;
    const filter = `company = "${company}"`;
    const persons = from.kind === "PERSON" || (await client.fetchQuery(listOf("contacts", { filter, pageSize: 1 })));
    if (persons !== true && persons.records.length === 0) return false;
    return new Promise<boolean>((reply) => setAsking({ kind: from.kind, reply }));
  };
  const reply = (yes: boolean) => {
    asking?.reply(yes);
    setAsking(undefined);
  };
  const question = asking && (
    <Modal opened onClose={() => reply(false)} title={t("spread.title")}>
      <Stack>
        <Text size="sm">{t(`spread.${asking.kind}`)}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => reply(false)}>
            {t("spread.no")}
          </Button>
          <Button data-autofocus onClick={() => reply(true)}>
            {t("spread.yes")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
  return [question, ask];
}
