import { Button, Group, Modal, Radio, Stack, Text } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import classes from "./ConflictDialog.module.css";
import type { Difference } from "./merge";

type Props<Field> = {
  differences: Difference<Field>[];
  labelOf: (field: Field) => string;
  /** The value as a person reads it. */
  show: (field: Field, value: unknown) => ReactNode;
  /** Called with the fields in which theirs was taken. */
  onResolve: (gaveWay: Field[]) => void;
  onClose: () => void;
};

/** Two people changed one record: shows both versions of each field and lets one choose. */
export function ConflictDialog<Field extends PropertyKey>({ differences, labelOf, show, ...on }: Props<Field>) {
  const { t } = useTranslation("kit");
  const contested = differences.filter((difference) => difference.contested);
  const [gaveWay, setGaveWay] = useState<Field[]>([]);
  const choose = (field: Field, theirs: boolean) =>
    setGaveWay((before) => (theirs ? [...before, field] : before.filter((other) => other !== field)));
  return (
    <Modal opened onClose={on.onClose} title={t("conflict.title")} size="xl">
      <Stack>
        <Text size="sm">{contested.length > 0 ? t("conflict.contested") : t("conflict.uncontested")}</Text>
        {differences.map(({ field, theirs, mine, contested }) => (
          <Radio.Group
            key={String(field)}
            label={labelOf(field)}
            value={!contested || gaveWay.includes(field) ? "theirs" : "mine"}
            onChange={(value) => choose(field, value === "theirs")}
          >
            <div className={classes.versions}>
              <Version value="theirs" label={t("conflict.theirs")} content={show(field, theirs)} />
              {contested && <Version value="mine" label={t("conflict.mine")} content={show(field, mine)} />}
            </div>
          </Radio.Group>
        ))}
        <Group justify="flex-end">
          <Button variant="default" onClick={on.onClose}>
            {t("conflict.back")}
          </Button>
          {contested.length > 1 && (
            <>
              <Button variant="default" onClick={() => setGaveWay(contested.map(({ field }) => field))}>
                {t("conflict.takeTheirs")}
              </Button>
              <Button variant="default" onClick={() => setGaveWay([])}>
                {t("conflict.keepMine")}
              </Button>
            </>
          )}
          <Button onClick={() => on.onResolve(gaveWay)}>{t("conflict.save")}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Version({ value, label, content }: { value: string; label: string; content: ReactNode }) {
  const { t } = useTranslation("kit");
  return (
    <Radio.Card value={value} className={classes.version} p="sm">
      <Group align="flex-start" wrap="nowrap">
        <Radio.Indicator />
        <div>
          <Text size="xs" className="quiet">
            {label}
          </Text>
          <div className="preserve-lines">{content || <span className="quiet">{t("conflict.empty")}</span>}</div>
        </div>
      </Group>
    </Radio.Card>
  );
}
