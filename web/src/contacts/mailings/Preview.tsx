import { Alert, Button, Group, Skeleton, Text } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { contactNamed, listOf } from "../../api/queries";
import type { Mailing } from "../../api/types";
import { ErrorBox } from "../../kit/ErrorBox";
import { Section } from "../../kit/RecordPage";
import { tell, tellError } from "../../kit/toasts";
import { previewOf, sendTest } from "./calls";
import classes from "./mailings.module.css";
import { useTagTitle } from "./tagTitle";

/** Of how many of those who match one looks at the first. */
const LOOKED_AT = 100;

/** The contacts whose letters can be looked at. */
function useContactsOf({ contacts, selection }: Mailing) {
  const { filter, q } = selection ?? {};
  const query = { filter, q, orderBy: "display_name", pageSize: LOOKED_AT };
  const matching = useQuery({ ...listOf("contacts", query), enabled: selection !== undefined });
  return selection ? (matching.data?.records.map(({ name }) => name) ?? []) : contacts;
}

/** The letter as each contact gets it, one after another. */
export function Preview({ mailing, stale }: { mailing: Mailing; stale: boolean }) {
  const { t } = useTranslation("mailings");
  const contacts = useContactsOf(mailing);
  const [index, setIndex] = useState(0);
  const contact = contacts[index] ?? "";
  const shown = useQuery({ ...contactNamed(contact), enabled: contact !== "" }).data;
  const preview = useQuery({
    ...previewOf(mailing, contact),
    enabled: contact !== "",
    placeholderData: keepPreviousData,
  });
  const testing = useMutation({
    mutationFn: () => sendTest(mailing, contact),
    onSuccess: ({ state }) => tell(t(state === "KEPT" ? "test.kept" : "test.sent")),
    onError: tellError,
  });
  return (
    <Section title={t("preview.title")}>
      <Group mb="sm" justify="space-between">
        <Group gap="xs">
          <Button
            size="xs"
            variant="default"
            disabled={index === 0}
            leftSection={<IconChevronLeft size={14} />}
            onClick={() => setIndex(index - 1)}
          >
            {t("preview.previous")}
          </Button>
          <Button
            size="xs"
            variant="default"
            disabled={index >= contacts.length - 1}
            rightSection={<IconChevronRight size={14} />}
            onClick={() => setIndex(index + 1)}
          >
            {t("preview.next")}
          </Button>
          <Text size="sm" role="status" className="anywhere">
            {shown && t("preview.whose", { name: shown.displayName, number: index + 1, total: contacts.length })}
          </Text>
        </Group>
        <Button size="xs" variant="default" loading={testing.isPending} onClick={() => testing.mutate()}>
          {t("test.action")}
        </Button>
      </Group>
      {stale && (
        <Text size="sm" mb="sm">
          {t("preview.stale")}
        </Text>
      )}
      {preview.error && <ErrorBox error={preview.error} />}
      {preview.isPending && <Skeleton height={300} />}
      {preview.data && (
        <>
          <Warnings warnings={preview.data.warnings} />
          <Text size="sm" className="quiet anywhere">
            {t("preview.to", { address: preview.data.address || "—" })}
          </Text>
          <Text fw={600} mb="xs" className="anywhere">
            {preview.data.subject}
          </Text>
          {/* Nothing in it runs or is sent, and its links lead nowhere. */}
          <iframe title={t("preview.frame")} sandbox="" srcDoc={preview.data.html} className={classes.letter} />
        </>
      )}
    </Section>
  );
}

/** What is to be known of the letter to this contact. */
function Warnings({ warnings }: { warnings: string[] }) {
  const { t } = useTranslation("mailings");
  const titleOf = useTagTitle();
  const said = warnings.map((warning) => {
    const [code = "", tag = ""] = warning.split(" ");
    if (code === "EMPTY_TAG") return t("warning.EMPTY_TAG", { tag: titleOf(tag) });
    return code === "UNSUBSCRIBED" ? t("warning.UNSUBSCRIBED") : t("warning.NO_ADDRESS");
  });
  if (said.length === 0) return null;
  return (
    <Alert color="yellow" mb="sm" role="status">
      {said.map((text) => (
        <div key={text}>{text}</div>
      ))}
    </Alert>
  );
}
