import { Anchor, Button, Group, Stack, Text } from "@mantine/core";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { answer, api } from "../api/client";
import type { Contact, DuplicateGroup, DuplicateReason } from "../api/types";
import { NothingYet, Unavailable } from "../kit/EmptyState";
import { FilterSelect } from "../kit/FilterBar";
import { Section } from "../kit/RecordPage";
import { SettingsPage } from "../kit/SettingsPage";
import { tell, tellError } from "../kit/toasts";
import { primaryOf } from "./columns";
import { ContactMark } from "./ContactMark";
import MergeDialog from "./MergeDialog";
import { shownPhone } from "./phones";

type Groups = { groups: DuplicateGroup[]; nextPageToken: string };

const REASONS: DuplicateReason[] = ["EMAIL", "PHONE", "NAME"];

/** Contacts that may be one: those that share an e-mail, a phone number or a name. */
export function DuplicatesPage() {
  const { t } = useTranslation(["bulk", "contacts"]);
  const [reason, setReason] = useState<DuplicateReason>();
  const found = useInfiniteQuery({
    queryKey: ["contacts", "list", "duplicates", reason],
    queryFn: ({ pageParam }) => {
      const query = { pageSize: 25, ...(reason && { reason }), ...(pageParam && { pageToken: pageParam }) };
      return answer<Groups>(api.GET("/v1/contactDuplicates", { params: { query } }));
    },
    initialPageParam: "",
    getNextPageParam: ({ nextPageToken }) => nextPageToken || undefined,
  });
  const groups = found.data?.pages.flatMap((one) => one.groups) ?? [];
  return (
    <SettingsPage title={t("duplicates.title")} lead={t("duplicates.lead")}>
      <Group mb="md">
        <FilterSelect
          label={t("duplicates.any")}
          value={reason}
          options={REASONS.map((value) => ({ value, label: t(`contacts:duplicates.${value}`) }))}
          onChange={setReason}
        />
      </Group>
      {found.error && <Unavailable error={found.error} onRetry={() => void found.refetch()} />}
      {found.data && groups.length === 0 && <NothingYet title={t("duplicates.nothing")} />}
      {groups.map((group) => (
        <DuplicateSet key={`${group.reason}${group.value}`} group={group} onSettled={() => void found.refetch()} />
      ))}
      {found.hasNextPage && (
        <Button variant="default" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {t("duplicates.more")}
        </Button>
      )}
    </SettingsPage>
  );
}

/** What a group shares, as people write it. */
function shared({ reason, value, contacts: [first] }: DuplicateGroup) {
  if (reason === "NAME") return first?.displayName ?? value;
  const phone = first?.phones.find((each) => each.value === value);
  return phone ? shownPhone(phone) : value;
}

/** What tells apart two of one name. */
function traits({ jobTitle, companyDisplayName, emails, phones }: Contact) {
  const phone = primaryOf(phones);
  return [jobTitle, companyDisplayName, primaryOf(emails)?.value, phone && shownPhone(phone)].filter(Boolean);
}

function DuplicateSet({ group, onSettled }: { group: DuplicateGroup; onSettled: () => void }) {
  const { t } = useTranslation(["bulk", "contacts"]);
  const [merging, setMerging] = useState<Contact>();
  const [first] = group.contacts;
  const dismiss = useMutation({
    mutationFn: () =>
      answer(api.POST("/v1/contactDuplicates:dismiss", { body: { contacts: group.contacts.map(({ name }) => name) } })),
    onSuccess: () => {
      tell(t("duplicates.noted"));
      onSettled();
    },
    onError: tellError,
  });
  return (
    <Section title={shared(group)}>
      <Group justify="space-between" mb="xs">
        <Text size="sm" className="quiet">
          {t(`contacts:duplicates.${group.reason}`)}
        </Text>
        <Button
          size="compact-sm"
          variant="subtle"
          loading={dismiss.isPending}
          aria-label={`${t("duplicates.distinct")}: ${shared(group)}`}
          onClick={() => dismiss.mutate()}
        >
          {t("duplicates.distinct")}
        </Button>
      </Group>
      <Stack gap="xs">
        {group.contacts.map((contact) => (
          <Group key={contact.name} justify="space-between" wrap="nowrap">
            <Group gap="xs" wrap="nowrap">
              <ContactMark contact={contact} size={26} />
              <div className="anywhere">
                <Anchor component={Link} to={`/${contact.name}` as "/"} inherit>
                  {contact.displayName}
                </Anchor>
                <Text size="xs" className="quiet">
                  {traits(contact).join(" · ")}
                </Text>
              </div>
            </Group>
            {first && contact !== first && (
              <Button
                size="xs"
                variant="default"
                style={{ flex: "none" }}
                aria-label={t("merge.with", { name: contact.displayName })}
                onClick={() => setMerging(contact)}
              >
                {t("merge.action")}
              </Button>
            )}
          </Group>
        ))}
      </Stack>
      {merging && first && (
        <MergeDialog
          contact={first}
          other={merging}
          onDone={() => {
            setMerging(undefined);
            onSettled();
          }}
          onClose={() => setMerging(undefined)}
        />
      )}
    </Section>
  );
}
