import { useForm, type FormErrors } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";

import { submissionKeys } from "../api/client";
import { ApiError } from "../api/errors";
import { keys } from "../api/queries";
import { readDraft, useDraft } from "./draft";
import { formErrors, isGone } from "./errors";
import { useSaveKeys } from "./keys";
import { changedFields, differences, merged } from "./merge";

type Versioned = { name: string; etag: string };

type Options<R extends Versioned, V extends object> = {
  /** Under which name the draft is kept. */
  draftKey: string;
  /** The record to change; none to make a new one. */
  record?: R;
  /** What became of the last look at the record. */
  lookError?: Error | null;
  blank: V;
  fields: (keyof V & string)[];
  valuesOf: (record: R) => V;
  validate: (values: V) => FormErrors;
  /** Drops what was left empty. */
  tidy: (values: V) => V;
  create: (values: V, submission: string) => Promise<R>;
  update: (record: R, values: V, changed: (keyof V & string)[]) => Promise<R>;
  fetchLatest: (name: string) => Promise<R>;
  onSaved: (record: R, another: boolean) => void;
};

type Attempt<R, V> = { values: V; from: R | undefined; another: boolean };

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/**
 * What every form of a record does: keeps a draft, sends only what changed with the version it was read from, puts the
 * API's complaints beside their fields, and when somebody else was quicker shows both versions.
 */
export function useRecordForm<R extends Versioned, V extends object>(options: Options<R, V>) {
  const { draftKey, record, fields, valuesOf } = options;
  const client = useQueryClient();
  const [draft, setDraft] = useState(() => readDraft<R | null, V>(draftKey));
  const [from, setFrom] = useState<R | undefined>(draft?.base ?? record);
  const [theirs, setTheirs] = useState<R>();
  const [submissionKey] = useState(submissionKeys);
  const saved = useRef(false);

  const initial = from ? valuesOf(from) : options.blank;
  const form = useForm<V>({ initialValues: draft?.values ?? initial, validate: options.validate });
  const values = form.getValues();
  const dirty = !same(values, initial);
  const forget = useDraft<R | null, V>(draftKey, { base: from ?? null, values }, dirty);

  const saving = useMutation<R, Error, Attempt<R, V>>({
    mutationFn: ({ values, from }) => {
      if (!from) return options.create(values, submissionKey(values));
      const changed = changedFields(valuesOf(from), values, fields) as (keyof V & string)[];
      return changed.length > 0 ? options.update(from, values, changed) : Promise.resolve(from);
    },
    onSuccess: (made, { another }) => {
      forget();
      saved.current = !another;
      client.setQueryData(keys.one(made.name), made);
      void client.invalidateQueries({ queryKey: keys.lists(made.name.split("/")[0] ?? "") });
      if (another) {
        setDraft(undefined);
        form.setValues(options.blank);
        form.clearErrors();
      }
      options.onSaved(made, another);
    },
    onError: async (error) => {
      if (!(error instanceof ApiError)) return;
      form.setErrors(formErrors(error));
      if (error.reason === "ETAG_MISMATCH" && from) setTheirs(await options.fetchLatest(from.name));
    },
  });

  const save = (another: boolean) => {
    if (saving.isPending) return;
    const values = options.tidy(form.getValues());
    const errors = options.validate(values);
    const wrong = Object.keys(errors);
    // Complaints about rows count the rows that are sent, so the empty ones must go; otherwise they may stay.
    if (wrong.length === 0 || wrong.some((path) => path.includes("."))) form.setValues(values);
    form.setErrors(errors);
    if (wrong.length > 0) {
      requestAnimationFrame(() => document.querySelector<HTMLElement>("form [aria-invalid=true]")?.focus());
      return;
    }
    saving.mutate({ values, from, another });
  };
  useSaveKeys(() => save(false), record ? undefined : () => save(true));

  const refusedAsGone = from !== undefined && isGone(saving.error);
  return {
    form,
    fields,
    save,
    saving: saving.isPending,
    error: theirs || refusedAsGone ? null : saving.error,
    /** Whether the record was deleted under the form, and whether saving it was refused for that. */
    gone: refusedAsGone || isGone(options.lookError),
    refusedAsGone,
    isDirty: () => dirty && !saved.current,
    forget,
    draftRestored: draft !== undefined,
    discardDraft: () => {
      forget();
      setDraft(undefined);
      setFrom(record);
      form.setValues(record ? valuesOf(record) : options.blank);
    },
    /** Whether somebody has saved another version since this form was opened. */
    outdated: from !== undefined && record?.etag !== from.etag && !saving.isPending && !saving.isSuccess,
    showTheirs: () => setTheirs(record),
    conflict: theirs &&
      from && {
        differences: differences(valuesOf(from), values, valuesOf(theirs), fields),
        close: () => setTheirs(undefined),
        resolve: (gaveWay: (keyof V)[]) => {
          const agreed = merged(valuesOf(from), values, valuesOf(theirs), fields, gaveWay);
          setFrom(theirs);
          setTheirs(undefined);
          form.setValues(agreed);
          saving.mutate({ values: agreed, from: theirs, another: false });
        },
      },
  };
}

export type RecordForm<R extends Versioned, V extends object> = ReturnType<typeof useRecordForm<R, V>>;
