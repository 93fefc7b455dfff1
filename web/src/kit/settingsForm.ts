import { useForm, type FormErrors } from "@mantine/form";
import { useQueryClient, type QueryKey } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ApiError } from "../api/errors";
import { changedFields } from "./merge";
import { tell } from "./toasts";

type Options<R extends { etag: string }, V extends object> = {
  queryKey: QueryKey;
  settings: R;
  valuesOf: (settings: R) => V;
  validate?: (values: V) => FormErrors;
  update: (changes: Partial<V> & { etag: string }) => Promise<R>;
  onSaved?: (settings: R) => void;
};

/**
 * The form of settings of which there is one: sends what was changed here and nothing else, so that what somebody else
 * changed meanwhile stays. If that was at the same time, it says so, and saves when asked again.
 */
export function useSettingsForm<R extends { etag: string }, V extends object>(options: Options<R, V>) {
  const { queryKey, settings, valuesOf, update, onSaved } = options;
  const { t } = useTranslation("kit");
  const client = useQueryClient();
  const [base, setBase] = useState(() => valuesOf(settings));
  const form = useForm<V>({ initialValues: base, validate: options.validate });
  const run = async (values: V) => {
    const changed = changedFields(base, values, Object.keys(base) as (keyof V)[]);
    const changes = Object.fromEntries(changed.map((field) => [field, values[field]])) as Partial<V>;
    if (changed.length === 0) return settings;
    try {
      return await update({ ...changes, etag: settings.etag });
    } catch (error) {
      if (error instanceof ApiError && error.reason === "ETAG_MISMATCH") await client.invalidateQueries({ queryKey });
      throw error;
    }
  };
  const onDone = (saved: R) => {
    client.setQueryData(queryKey, saved);
    setBase(valuesOf(saved));
    form.setValues(valuesOf(saved));
    onSaved?.(saved);
    tell(t("form.saved"));
  };
  return { form, run, onDone };
}
