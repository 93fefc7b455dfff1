import { ActionIcon, Alert, Anchor, Button, Group, Menu, Paper, Stack, Title } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconDots, IconHistory, IconTrash } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { ConflictDialog } from "./ConflictDialog";
import { PHONE } from "./EntityTable";
import { ErrorBox } from "./ErrorBox";
import classes from "./FormPage.module.css";
import { LeaveGuard } from "./LeaveGuard";
import { PageTitle } from "./PageTitle";
import type { RecordForm } from "./recordForm";

type Props<R extends { name: string; etag: string }, V extends object> = {
  title: string;
  record: RecordForm<R, V>;
  /** The words on the buttons; `another` is there only where something new is made. */
  save: string;
  another?: string;
  onCancel: () => void;
  /** The way on if the record is no longer there. */
  list: "/contacts" | "/invoices" | "/events";
  labelOf: (field: keyof V) => string;
  show: (field: keyof V, value: unknown) => ReactNode;
  children: ReactNode;
};

/** The page of a form: what happened to the draft or the record, the fields, and the buttons. */
export function FormPage<R extends { name: string; etag: string }, V extends object>(props: Props<R, V>) {
  const { title, record, children } = props;
  const { t } = useTranslation("kit");
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>("[data-autofocus]")?.focus({ preventScroll: true }), []);
  return (
    <form
      ref={form}
      className={classes.page}
      noValidate
      aria-label={title}
      onSubmit={(event) => {
        event.preventDefault();
        record.save(false);
      }}
    >
      <PageTitle title={title} />
      <Title order={1} mb="md">
        {title}
      </Title>
      <Stack>
        {record.draftRestored && (
          <Alert color="ink" icon={<IconHistory />} role="status">
            {t("draft.restored")}{" "}
            <Anchor component="button" type="button" inherit onClick={record.discardDraft}>
              {t("draft.discard")}
            </Anchor>
          </Alert>
        )}
        {record.gone && !record.refusedAsGone && <Gone list={props.list} />}
        {record.outdated && !record.gone && (
          <Alert color="yellow" role="status">
            {t("form.changed")}{" "}
            <Anchor component="button" type="button" inherit onClick={record.showTheirs}>
              {t("show")}
            </Anchor>
          </Alert>
        )}
        <Paper withBorder className={classes.paper}>
          {children}
        </Paper>
        {record.refusedAsGone && <Gone list={props.list} refused />}
        {record.error && <ErrorBox error={record.error} marked={record.fields} />}
      </Stack>
      <Buttons {...props} />
      {record.conflict && (
        <ConflictDialog
          differences={record.conflict.differences}
          labelOf={props.labelOf}
          show={props.show}
          onResolve={record.conflict.resolve}
          onClose={record.conflict.close}
        />
      )}
      <LeaveGuard dirty={record.isDirty} onLeave={record.forget} />
    </form>
  );
}

/** Says that the record was deleted meanwhile: at once, and beside the buttons when saving it was refused. */
function Gone({ list, refused }: { list: "/contacts" | "/invoices" | "/events"; refused?: boolean }) {
  const { t } = useTranslation("kit");
  return (
    <Alert color="red" icon={<IconTrash />} role={refused ? "alert" : "status"}>
      {t("form.gone")}{" "}
      <Anchor component={Link} to={list} inherit>
        {t("form.toList")}
      </Anchor>
    </Alert>
  );
}

function Buttons<R extends { name: string; etag: string }, V extends object>(props: Props<R, V>) {
  const { record, save, another, onCancel } = props;
  const { t } = useTranslation("kit");
  const phone = useMediaQuery(PHONE, false, { getInitialValueInEffect: false });
  return (
    <Group className={classes.buttons} wrap="nowrap">
      <Button type="submit" loading={record.saving}>
        {save}
      </Button>
      {another && !phone && (
        <Button variant="default" disabled={record.saving} onClick={() => record.save(true)}>
          {another}
        </Button>
      )}
      <Button variant="subtle" onClick={onCancel}>
        {t("cancel")}
      </Button>
      {another && phone && (
        <Menu position="top-end">
          <Menu.Target>
            <ActionIcon variant="default" size={36} ml="auto" aria-label={t("form.more")}>
              <IconDots size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item disabled={record.saving} onClick={() => record.save(true)}>
              {another}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </Group>
  );
}
