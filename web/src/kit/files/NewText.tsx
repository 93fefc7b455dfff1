import { Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";

import { ActDialog } from "../ActDialog";
import { tell } from "../toasts";
import { upload } from "./calls";
import { fileOf } from "./texts";

type Props = { subject: string; onDone: () => void; onClose: () => void };

/** Writes a new document in its place: a title and a plain text. */
export default function NewText({ subject, onDone, onClose }: Props) {
  const { t } = useTranslation(["files", "errors", "kit"]);
  const required = (value: string) => (value.trim() ? null : t("errors:required"));
  const form = useForm({ initialValues: { title: "", text: "" }, validate: { title: required, text: required } });
  return (
    <ActDialog
      title={t("newText")}
      action={t("kit:form.save")}
      form={form}
      run={({ title, text }) => upload(subject, fileOf(title, text), () => undefined)}
      onDone={({ title }) => {
        tell(t("written", { title }));
        onDone();
        onClose();
      }}
      onClose={onClose}
    >
      <TextInput
        label={t("name")}
        description={t("nameHint")}
        required
        data-autofocus
        {...form.getInputProps("title")}
      />
      <Textarea label={t("text")} required autosize minRows={8} maxRows={20} {...form.getInputProps("text")} />
    </ActDialog>
  );
}
