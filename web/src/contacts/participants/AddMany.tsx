import { NativeSelect, SegmentedControl, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { listOf, me } from "../../api/queries";
import type { Event } from "../../api/types";
import { ActDialog } from "../../kit/ActDialog";
import { ContactPicker } from "../../kit/ContactPicker";
import { quoted } from "../../kit/listSearch";
import { addParticipants, useTellAdded } from "../../kit/participants";
import { searchOf, useSavedViews } from "../../kit/savedViews";
import { contactFilter, readContactSearch } from "../search";

const WAYS = ["tag", "company", "view"] as const;
type Values = { way: (typeof WAYS)[number]; tag: string; company: string; view: string };

/** Adds contacts that have something in common to those who take part in an event. */
export function AddMany({ event, onClose }: { event: Event; onClose: () => void }) {
  const { t } = useTranslation(["bulk", "errors"]);
  const tellAdded = useTellAdded();
  const tags = useQuery(listOf("contactTags", { pageSize: 200 })).data?.records ?? [];
  const { views } = useSavedViews("contacts");
  const user = useQuery(me).data?.name ?? "";
  const needed = (way: Values["way"]) => (value: string, values: Values) =>
    values.way === way && !value ? t("errors:required") : null;
  const form = useForm<Values>({
    initialValues: { way: "tag", tag: "", company: "", view: "" },
    validate: { tag: needed("tag"), company: needed("company"), view: needed("view") },
  });
  const values = form.getValues();
  const { way, tag, company } = values;
  const view = views.find(({ name }) => name === values.view);
  const search = view && readContactSearch(searchOf(view));
  const selection = {
    tag: tag ? { filter: `tags:${quoted(tag)}`, q: "" } : undefined,
    company: company ? { filter: `company = "${company}"`, q: "" } : undefined,
    view: search && { filter: contactFilter(search, user, new Date()), q: search.q ?? "" },
  }[way];
  const matching = useQuery({ ...listOf("contacts", { ...selection, pageSize: 1 }), enabled: Boolean(selection) });
  const choose = (label: string, options: { value: string; label: string }[]) => ({
    label,
    required: true,
    data: [{ value: "", label: t("participants.choose") }, ...options],
  });
  return (
    <ActDialog
      title={t("participants.many")}
      action={t("participants.add")}
      form={form}
      run={() => addParticipants(event, { selection: selection ?? { filter: "", q: "" } })}
      onDone={(added) => {
        tellAdded(added);
        onClose();
      }}
      onClose={onClose}
    >
      <SegmentedControl
        fullWidth
        size="xs"
        aria-label={t("participants.way")}
        data={WAYS.map((value) => ({ value, label: t(`participants.ways.${value}`) }))}
        {...form.getInputProps("way")}
      />
      {way === "tag" && (
        <NativeSelect
          {...choose(
            t("participants.tag"),
            tags.map(({ title }) => ({ value: title, label: title })),
          )}
          {...form.getInputProps("tag")}
        />
      )}
      {way === "company" && (
        <ContactPicker
          kind="COMPANY"
          required
          label={t("participants.company")}
          value={company}
          error={form.errors.company}
          onChange={(name) => form.setFieldValue("company", name)}
        />
      )}
      {way === "view" && (
        <NativeSelect
          description={views.length === 0 && t("participants.noViews")}
          {...choose(
            t("participants.view"),
            views.map(({ name, title }) => ({ value: name, label: title })),
          )}
          {...form.getInputProps("view")}
        />
      )}
      <Text size="sm" role="status">
        {selection && matching.data && t("participants.found", { count: matching.data.totalSize })}
      </Text>
    </ActDialog>
  );
}
