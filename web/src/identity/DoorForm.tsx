import { Button, Stack } from "@mantine/core";
import type { ReactNode } from "react";

import { useCallForm, type CallForm } from "../kit/callForm";
import { ErrorBox } from "../kit/ErrorBox";

type Props<V extends object, R> = CallForm<V, R> & { submitLabel: string; children: ReactNode };

/** The one form of a page in front of the door. */
export function DoorForm<V extends object, R>({ submitLabel, children, ...call }: Props<V, R>) {
  const { submit, pending, error, marked } = useCallForm(call);
  return (
    <form noValidate onSubmit={submit}>
      <Stack>
        {error && <ErrorBox error={error} marked={marked} />}
        {children}
        <Button type="submit" loading={pending}>
          {submitLabel}
        </Button>
      </Stack>
    </form>
  );
}
