import type { UseFormReturnType } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import type { FormEvent } from "react";

import { ApiError } from "../api/errors";
import { errorText, formErrors } from "./errors";

/** Which field a refusal is about that names none. */
const FIELD_OF: Record<string, string> = { PASSWORD_WRONG: "password", TOTP_WRONG: "code", TITLE_TAKEN: "title" };

/** The field that the whole complaint stands beside, if the form has it. */
function fieldOf(error: unknown, form: UseFormReturnType<never> | undefined) {
  if (!(error instanceof ApiError) || !form || Object.keys(error.fields).length > 0) return undefined;
  const field = FIELD_OF[error.reason];
  return field !== undefined && field in (form.getValues() as object) ? field : undefined;
}

export type CallForm<V extends object, R> = {
  /** The fields; none where there is only a button. */
  form?: UseFormReturnType<V>;
  run: (values: V) => Promise<R>;
  onDone: (result: R) => void;
};

/** A form that makes one call: complaints of the API stand beside their fields, and the first of them gets the focus. */
export function useCallForm<V extends object, R>({ form, run, onDone }: CallForm<V, R>) {
  const focusFirst = (errors: object) => {
    const first = Object.keys(errors)[0];
    if (first) requestAnimationFrame(() => form?.getInputNode(first)?.focus());
  };
  const call = useMutation({
    mutationFn: run,
    onSuccess: onDone,
    onError: (error) => {
      if (!(error instanceof ApiError)) return;
      const field = fieldOf(error, form as never);
      form?.setErrors(field ? { [field]: errorText(error) } : formErrors(error));
      focusFirst(field ? { [field]: true } : error.fields);
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    if (form) return form.onSubmit((values) => call.mutate(values), focusFirst)(event);
    event.preventDefault();
    call.mutate({} as V);
  };
  return {
    submit,
    pending: call.isPending,
    error: fieldOf(call.error, form as never) ? null : call.error,
    marked: Object.keys(form?.getValues() ?? {}),
  };
}
