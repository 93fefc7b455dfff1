import { Button, Group, Modal, SegmentedControl, Skeleton, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { contactNamed, keys } from "../api/queries";
import type { Contact } from "../api/types";
import { ContactPicker } from "../kit/ContactPicker";
import { ErrorBox } from "../kit/ErrorBox";
import { tell } from "../kit/toasts";
import { MergeConflicts } from "./MergeConflicts";
import { merge } from "./merges";

type Props = {
  contact: Contact;
  /** The other one, where it is known already. */
  other?: Contact;
  onDone: (survivor: Contact) => void;
  onClose: () => void;
};

/** Makes one contact of two of a kind, field by field. */
export default function MergeDialog({ contact, other, onDone, onClose }: Props) {
  const { t } = useTranslation(["bulk", "kit"]);
  const [name, setName] = useState(other?.name ?? "");
  const found = useQuery({ ...contactNamed(name), enabled: name !== "" && !other }).data;
  const second = other ?? (name && name !== contact.name ? found : undefined);
  return (
    <Modal opened onClose={onClose} title={t("merge.title")} size="lg" closeOnClickOutside={false}>
      <Stack>
        {!other && (
          <ContactPicker label={t(`merge.pick.${contact.kind}`)} kind={contact.kind} value={name} onChange={setName} />
        )}
        {second ? (
          <Choices key={second.name} {...{ contact, second, onDone, onClose }} />
        ) : (
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("kit:cancel")}
            </Button>
          </Group>
        )}
      </Stack>
    </Modal>
  );
}

type ChoicesProps = Omit<Props, "other"> & { second: Contact };

function Choices({ contact, second, onDone, onClose }: ChoicesProps) {
  const { t } = useTranslation(["bulk", "kit"]);
  const client = useQueryClient();
  const [stays, setStays] = useState(contact.name);
  const [taken, setTaken] = useState<string[]>([]);
  const [target, source] = stays === contact.name ? [contact, second] : [second, contact];
  const preview = useQuery({
    queryKey: ["merge", target.name, source.name, target.etag, source.etag],
    queryFn: () => merge(target, source, [], true),
    retry: false,
  });
  const merging = useMutation({
    mutationFn: () => merge(target, source, taken, false),
    onSuccess: ({ contact: survivor }) => {
      client.setQueryData(keys.one(survivor.name), survivor);
      client.removeQueries({ queryKey: keys.one(source.name) });
      void client.invalidateQueries({ queryKey: ["contacts"] });
      void client.invalidateQueries({ queryKey: keys.lists("contactMerges") });
      tell(t("merge.done", { name: survivor.displayName }));
      onDone(survivor);
    },
  });
  const labelOf = (one: Contact) => `${one.displayName} (${one.name.split("/")[1] ?? ""})`;
  return (
    <>
      <div>
        <Text size="sm" fw={500} mb={4} id="stays">
          {t("merge.stays")}
        </Text>
        <SegmentedControl
          fullWidth
          orientation="vertical"
          aria-labelledby="stays"
          data={[contact, second].map((one) => ({ value: one.name, label: labelOf(one) }))}
          value={stays}
          onChange={(chosen) => {
            setStays(chosen);
            setTaken([]);
          }}
        />
      </div>
      <Text size="sm">{t("merge.text")}</Text>
      {preview.isPending && <Skeleton height={60} />}
      {preview.error && <ErrorBox error={preview.error} />}
      {preview.data && preview.data.conflicts.length > 0 && (
        <MergeConflicts
          conflicts={preview.data.conflicts}
          labels={{ target: labelOf(target), source: labelOf(source) }}
          taken={taken}
          onTake={setTaken}
        />
      )}
      {merging.error && <ErrorBox error={merging.error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t("kit:cancel")}
        </Button>
        <Button disabled={!preview.data} loading={merging.isPending} onClick={() => merging.mutate()}>
          {t("merge.action")}
        </Button>
      </Group>
    </>
  );
}
