import { Anchor, Button, CopyButton, Group, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { ContactForm } from "../../api/types";
import { ActDialog } from "../../kit/ActDialog";
import { CopyField } from "../../kit/CopyField";
import { tell } from "../../kit/toasts";
import { rotateKey, withOrigin } from "./calls";

/** How a form gets onto a website. */
export function Publish({ form, onChange }: { form: ContactForm; onChange: (form: ContactForm) => void }) {
  const { t } = useTranslation("forms");
  const [rotating, setRotating] = useState(false);
  const html = withOrigin(form.html);
  const page = /src="([^"]+)"/.exec(withOrigin(form.snippet))?.[1] ?? "";
  return (
    <Stack maw={720}>
      <Text size="sm">{t("publish.lead")}</Text>
      <CopyField label={t("publish.snippet")} value={withOrigin(form.snippet)} />
      <Textarea
        label={t("publish.html")}
        value={html}
        readOnly
        rows={10}
        styles={{ input: { fontFamily: "monospace" } }}
      />
      <Group>
        <CopyButton value={html}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? t("publish.copied") : t("publish.copy")}
            </Button>
          )}
        </CopyButton>
        <Anchor href={page} target="_blank" rel="noopener" size="sm">
          {t("publish.open")}
        </Anchor>
        <Button variant="subtle" color="red" onClick={() => setRotating(true)}>
          {t("publish.rotate")}
        </Button>
      </Group>
      {rotating && (
        <ActDialog
          title={t("publish.rotateTitle")}
          text={t("publish.rotateText")}
          action={t("publish.rotate")}
          danger
          run={() => rotateKey(form)}
          onDone={(fresh) => {
            setRotating(false);
            onChange(fresh);
            tell(t("publish.rotated"));
          }}
          onClose={() => setRotating(false)}
        />
      )}
    </Stack>
  );
}
