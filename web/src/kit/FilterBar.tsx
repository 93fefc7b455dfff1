import { Button, CloseButton, Group, NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch, IconX } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import classes from "./ListPage.module.css";

type Search = { label: string; value: string; onChange: (q: string) => void; ofField?: boolean };

/** The search box of a list, or of one field of it. It asks while one types, and follows the address when that changes
 * by itself. */
export function SearchBox({ label, value, onChange, ofField }: Search) {
  const { t } = useTranslation("kit");
  const [typed, setTyped] = useState(value);
  const [known, setKnown] = useState(value);
  if (known !== value) {
    setKnown(value);
    setTyped(value);
  }
  // The same question once more is none: it would lead back to the first page.
  const ask = useDebouncedCallback((q: string) => q.trim() !== value && onChange(q.trim()), 250);
  const type = (q: string) => {
    setTyped(q);
    ask(q);
  };
  return (
    <TextInput
      {...(ofField ? {} : { "data-page-search": true, type: "search", className: classes.search })}
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={16} />}
      rightSection={typed && <CloseButton size="sm" aria-label={t("filter.clearSearch")} onClick={() => type("")} />}
      value={typed}
      onChange={(event) => type(event.currentTarget.value)}
    />
  );
}

type Choice<T extends string> = {
  label: string;
  value: T | undefined;
  options: { value: T; label: string }[];
  onChange: (value: T | undefined) => void;
};

/** One filter of a list; its first option is not to filter. */
export function FilterSelect<T extends string>({ label, value, options, onChange }: Choice<T>) {
  return (
    <NativeSelect
      aria-label={label}
      data-active={value !== undefined || undefined}
      className={classes.filter}
      data={[{ value: "", label }, ...options]}
      value={value ?? ""}
      onChange={(event) => onChange(options.find((option) => option.value === event.currentTarget.value)?.value)}
    />
  );
}

export function FilterBar({ children, onClear }: { children: ReactNode; onClear?: () => void }) {
  const { t } = useTranslation("kit");
  return (
    <Group gap="xs" className={classes.filters} role="search">
      {children}
      {onClear && (
        <Button variant="subtle" size="compact-sm" leftSection={<IconX size={14} />} onClick={onClear}>
          {t("filter.clear")}
        </Button>
      )}
    </Group>
  );
}
