import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { ErrorBox } from "./ErrorBox";
import { useCallForm, type CallForm } from "./callForm";

type Props<V extends object, R> = CallForm<V, R> & {
  title: string;
  /** The word on the button that does it. */
  action: string;
  danger?: boolean;
  /** What will happen. */
  text?: ReactNode;
  children?: ReactNode;
  onClose: () => void;
};

/** A question with a button that does it, and fields where something has to be known first. */
export function ActDialog<V extends object, R>(props: Props<V, R>) {
  const { title, action, danger, text, children, onClose } = props;
  const { t } = useTranslation("kit");
  const { submit, pending, error, marked } = useCallForm(props);
  return (
    <Modal opened onClose={onClose} title={title} closeOnClickOutside={false}>
      <form noValidate onSubmit={submit}>
        <Stack>
          {text && (
            <Text size="sm" component="div">
              {text}
            </Text>
          )}
          {children}
          {error && <ErrorBox error={error} marked={marked} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose} data-autofocus={children ? undefined : true}>
              {t("cancel")}
            </Button>
            <Button type="submit" color={danger ? "red" : undefined} loading={pending}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
