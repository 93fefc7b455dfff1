import type { UseFormReturnType } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import type { FormEvent } from "react";

import { ApiError } from "../api/errors";
import { formErrors } from "./errors";

export type CallForm<V extends object, R> = {
  /** The fields; none where there is only a button. */
  form?: UseFormReturnType<V>;
  run: (values: V) => Promise<R>;
  onDone: (result: R) => void;
};

/** A form that makes one call: complaints of the API stand beside their fields, and the first of them gets the focus. */
export function useCallForm<V extends object, R>({ form, run, onDone }: CallForm<V, R>) {
  const call = useMutation({
    mutationFn: run,
    onSuccess: onDone,
    onError: (error) => error instanceof ApiError && form?.setErrors(formErrors(error)),
  });
  const focusFirst = (errors: object) => form?.getInputNode(Object.keys(errors)[0] ?? "")?.focus();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    if (form) return form.onSubmit((values) => call.mutate(values), focusFirst)(event);
    event.preventDefault();
    call.mutate({} as V);
  };
  return { submit, pending: call.isPending, error: call.error, marked: Object.keys(form?.getValues() ?? {}) };
}
