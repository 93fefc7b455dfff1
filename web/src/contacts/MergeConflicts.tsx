import { Group, Radio, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { dictionary } from "../api/queries";
import type { MergeConflict } from "../api/types";
import { i18n } from "../app/i18n";
import { useShownValue } from "./shown";

/** What the field of a conflict is called: `job_title`, `custom.contactFields/4`. */
function useFieldTitle() {
  useTranslation("contacts");
  const own = useQuery(dictionary("contactFields")).data?.records ?? [];
  return (path: string) => {
    const custom = own.find(({ name }) => path === `custom.${name}`);
    const key = `contacts:field.${path.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())}`;
    return custom?.label ?? (i18n.exists(key) ? i18n.t(key as "contacts:field.company") : path);
  };
}

/** Fields whose values are names or words of the API. */
const NAMED = ["company", "type", "temperature", "sharing"] as const;

/** Shows a side of a conflict as a person reads it. */
function useShownSide() {
  const { t } = useTranslation(["bulk", "contacts"]);
  const show = useShownValue();
  return (field: string, value: string) => {
    const named = NAMED.find((known) => known === field);
    if (value === "") return t("merge.empty");
    if (named) return show(named, value);
    if (field.startsWith("custom.") && value === "true") return t("contacts:yes");
    return field === "photo" ? t("merge.photo") : value;
  };
}

type Props = {
  conflicts: MergeConflict[];
  /** Which of the two each is called. */
  labels: { target: string; source: string };
  taken: string[];
  onTake: (taken: string[]) => void;
};

/** Where two versions of a contact differ: for each field, which stays. */
export function MergeConflicts({ conflicts, labels, taken, onTake }: Props) {
  const titleOf = useFieldTitle();
  const shown = useShownSide();
  return (
    <Stack gap="sm">
      {conflicts.map(({ field, target, source }) => (
        <Radio.Group
          key={field}
          label={titleOf(field)}
          value={taken.includes(field) ? "source" : "target"}
          onChange={(value) =>
            onTake(value === "source" ? [...taken, field] : taken.filter((other) => other !== field))
          }
        >
          <Group gap="xs" mt={4} grow align="stretch">
            {(["target", "source"] as const).map((side) => (
              <Radio.Card key={side} value={side} p="xs">
                <Group wrap="nowrap" gap="xs" align="flex-start">
                  <Radio.Indicator />
                  <div>
                    <Text size="xs" className="quiet">
                      {labels[side]}
                    </Text>
                    <Text size="sm" component="div" className="preserve-lines">
                      {shown(field, side === "target" ? target : source)}
                    </Text>
                  </div>
                </Group>
              </Radio.Card>
            ))}
          </Group>
        </Radio.Group>
      ))}
    </Stack>
  );
}
