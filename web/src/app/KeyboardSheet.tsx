import { Group, Kbd, Modal, Stack, Switch, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { useSingleKeys } from "../kit/keys";

const SHEET = {
  anywhere: { palette: "Ctrl K", search: "/", create: "C", sheet: "?" },
  lists: { next: "J", previous: "K", select: "X", open: "Enter", edit: "E" },
  forms: { save: "Ctrl Enter", saveAndNew: "Ctrl Shift Enter" },
} as const;

type Area = keyof typeof SHEET;
type Act = { [A in Area]: keyof (typeof SHEET)[A] }[Area];

/** All shortcuts on one page. */
export default function KeyboardSheet({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [single, setSingle] = useSingleKeys();
  return (
    <Modal opened onClose={onClose} title={t("keys.title")}>
      <Stack>
        {(Object.keys(SHEET) as Area[]).map((area) => (
          <div key={area}>
            <Title order={3} mb={4}>
              {t(`keys.${area}`)}
            </Title>
            {Object.entries(SHEET[area]).map(([act, key]) => (
              <Group key={act} justify="space-between" py={3}>
                <Text size="sm">{t(`keys.${act as Act}`)}</Text>
                <Group gap={4}>
                  {key.split(" ").map((part) => (
                    <Kbd key={part}>{part}</Kbd>
                  ))}
                </Group>
              </Group>
            ))}
          </div>
        ))}
        <Switch
          label={t("keys.single")}
          checked={single}
          onChange={(event) => setSingle(event.currentTarget.checked)}
        />
      </Stack>
    </Modal>
  );
}
