import { Paper, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { previewForm, type FormValues } from "./calls";

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;margin:12px;color:#222;background:#fff}
label{display:block;font-weight:500}input:not([type=checkbox]),select,textarea{width:100%;box-sizing:border-box;
font:inherit;padding:6px;border:1px solid #888;border-radius:6px}button{font:inherit;padding:8px 20px}`;

const LOWEST = 420;
const MARGINS = 24;

/** What visitors will see, as it is being composed; nothing in it runs or can be sent. */
export function Preview({ values }: { values: FormValues }) {
  const { t } = useTranslation("forms");
  const { title, kind, fields, language } = values;
  const [asked] = useDebouncedValue(JSON.stringify({ title, kind, fields, language }), 400);
  const preview = useQuery({
    queryKey: ["contactForms", "preview", asked],
    queryFn: () => previewForm(JSON.parse(asked) as FormValues),
    placeholderData: keepPreviousData,
    retry: false,
  });
  const html = preview.data?.html;
  const [height, setHeight] = useState(LOWEST);
  return (
    <Paper withBorder p="sm">
      <Text fw={600} size="sm" mb={6}>
        {t("preview")}
      </Text>
      {html ? (
        <iframe
          title={t("preview")}
          // No script runs in it, and no form of it is sent.
          sandbox="allow-same-origin"
          srcDoc={`<!doctype html><style>${STYLE}</style>${html.replace(/<script[\s\S]*?<\/script>/g, "")}`}
          // All of it is seen, down to its button.
          onLoad={({ currentTarget: { contentDocument } }) =>
            setHeight(Math.max(LOWEST, (contentDocument?.body.scrollHeight ?? 0) + MARGINS))
          }
          style={{ border: 0, width: "100%", height, background: "#fff" }}
        />
      ) : (
        <Text size="sm" className="quiet">
          {preview.error ? preview.error.message : t("previewNothing")}
        </Text>
      )}
    </Paper>
  );
}
