import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { ErrorBox } from "./ErrorBox";
import { LeaveQuestion } from "./LeaveGuard";
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
  const [leaving, setLeaving] = useState(false);
  // Esc is pressed in passing; what was typed is not lost by that.
  const close = () => (props.form?.isDirty() ? setLeaving(true) : onClose());
  return (
    <Modal opened onClose={close} title={title} closeOnClickOutside={false} closeOnEscape={!leaving}>
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
      {leaving && <LeaveQuestion onStay={() => setLeaving(false)} onLeave={onClose} />}
    </Modal>
  );
}
