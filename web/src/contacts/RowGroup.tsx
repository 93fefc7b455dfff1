import { ActionIcon, Button, Fieldset, Stack, Tooltip } from "@mantine/core";
import { IconPlus, IconStar, IconStarFilled, IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { ContactFormApi } from "./ContactFields";
import classes from "./contacts.module.css";

type GroupProps = { label: string; add: string; onAdd: () => void; children: ReactNode };

/** Rows of one sort, and the button for one more. */
export function RowGroup({ label, add, onAdd, children }: GroupProps) {
  return (
    <Fieldset legend={label} variant="unstyled">
      <Stack gap={8} align="stretch">
        {children}
        <div>
          <Button size="compact-sm" variant="subtle" leftSection={<IconPlus size={14} />} onClick={onAdd}>
            {add}
          </Button>
        </div>
      </Stack>
    </Fieldset>
  );
}

type RowProps = {
  form: ContactFormApi;
  list: "emails" | "phones" | "websites" | "socials" | "addresses";
  index: number;
};

/** Makes a row the primary one of its sort. */
export function StarRow({ form, list, index }: RowProps) {
  const { t } = useTranslation("kit");
  const items = form.getValues()[list];
  const primary = items[index]?.primary ?? false;
  const label = primary ? t("primary") : t("makePrimary");
  const choose = () =>
    form.setFieldValue(list, items.map((item, other) => ({ ...item, primary: other === index })) as never);
  return (
    <Tooltip label={label}>
      <ActionIcon size={36} variant="subtle" color="gray" aria-label={label} aria-pressed={primary} onClick={choose}>
        {primary ? <IconStarFilled size={17} className={classes.star} /> : <IconStar size={17} />}
      </ActionIcon>
    </Tooltip>
  );
}

/** Removes a row; if it was the primary one, the first of the others becomes that. */
export function RemoveRow({ form, list, index }: RowProps) {
  const { t } = useTranslation("kit");
  const remove = () => {
    const rest = form.getValues()[list].filter((_, other) => other !== index);
    const orphaned = !rest.some((item) => item.primary);
    form.setFieldValue(
      list,
      rest.map((item, other) => (orphaned && other === 0 ? { ...item, primary: true } : item)) as never,
    );
  };
  return (
    <ActionIcon size={36} variant="subtle" color="gray" aria-label={t("remove")} onClick={remove}>
      <IconX size={17} />
    </ActionIcon>
  );
}
