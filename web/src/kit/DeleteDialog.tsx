import { Anchor, Button, Group, List, Modal, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { ApiError } from "../api/errors";
import { keys } from "../api/queries";
import { ErrorBox } from "./ErrorBox";
import { errorText } from "./errors";
import { tell } from "./toasts";

type Versioned = { name: string; etag: string };

type Props<R extends Versioned> = {
  record: R;
  title: string;
  /** What will happen, and what of it cannot be undone. */
  consequence: string;
  /** What hangs on the record. */
  details?: ReactNode;
  done: string;
  remove: (record: R) => Promise<unknown>;
  fetchLatest: (name: string) => Promise<R>;
  onDone: () => void;
  onClose: () => void;
};

/** What stands in the way of a deletion, each with a link to it. */
export function Obstacles({ error }: { error: ApiError }) {
  return (
    <List size="sm" withPadding>
      {error.obstacles.map((obstacle) => (
        <List.Item key={obstacle.name}>
          <Anchor component={Link} to={`/${obstacle.name}` as "/"}>
            {obstacle.title}
          </Anchor>
        </List.Item>
      ))}
    </List>
  );
}

/** Asks once, says what will happen, and if it was refused, by what. */
export function DeleteDialog<R extends Versioned>(props: Props<R>) {
  const { record, title, consequence, done, remove, fetchLatest, onDone, onClose } = props;
  const { t } = useTranslation(["kit", "errors"]);
  const client = useQueryClient();
  // The version that was seen. After somebody changed it, to try again means to delete what it is now.
  const [version, setVersion] = useState(record);
  const deletion = useMutation({
    mutationFn: () => remove(version),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.lists(record.name.split("/")[0] ?? "") });
      tell(done);
      onDone();
    },
    onError: async (error) => {
      if (error instanceof ApiError && error.reason === "ETAG_MISMATCH") setVersion(await fetchLatest(record.name));
    },
  });
  const { error } = deletion;
  const blocked = error instanceof ApiError && error.obstacles.length > 0;
  return (
    <Modal opened onClose={onClose} title={title} closeOnClickOutside={!deletion.isPending}>
      <Stack>
        {!error && <Text size="sm">{consequence}</Text>}
        {!error && props.details}
        {blocked && (
          <div role="alert">
            <Text size="sm" mb="xs">
              {errorText(error)}
            </Text>
            <Obstacles error={error} />
          </div>
        )}
        {error && !blocked && <ErrorBox error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {error ? t("close") : t("cancel")}
          </Button>
          {!blocked && (
            <Button color="red" loading={deletion.isPending} onClick={() => deletion.mutate()}>
              {error ? t("errors:retry") : t("delete.action")}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}
