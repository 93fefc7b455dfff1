import { ActionIcon, TextInput, Tooltip } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";

type Props = {
  label: string;
  description?: string;
  value: string;
  /** Whether it is what a dialog is there for, so that the focus begins here. */
  first?: boolean;
};

/** A text to be taken along: selected when it gets the focus, and copied by its button. */
export function CopyField({ label, description, value, first }: Props) {
  const { t } = useTranslation("kit");
  const input = useRef<HTMLInputElement>(null);
  const { copy, copied, error } = useClipboard({ timeout: 3000 });
  const take = () => {
    copy(value);
    // Where the browser keeps the clipboard to itself (no https), the text is at least selected.
    input.current?.select();
  };
  const said = copied ? t("copy.done") : error ? t("copy.select") : t("copy.action");
  return (
    <>
      <TextInput
        ref={input}
        label={label}
        description={description}
        value={value}
        readOnly
        data-autofocus={first}
        onFocus={(event) => event.currentTarget.select()}
        rightSection={
          <Tooltip label={said}>
            <ActionIcon variant="subtle" aria-label={t("copy.action")} onClick={take}>
              {copied ? <IconCheck size={18} /> : <IconCopy size={18} />}
            </ActionIcon>
          </Tooltip>
        }
      />
      <div role="status" className="quiet" style={{ fontSize: "var(--mantine-font-size-sm)" }}>
        {(copied || error) && said}
      </div>
    </>
  );
}
