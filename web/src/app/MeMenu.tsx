import { ActionIcon, Avatar, Menu, Text, useMantineColorScheme, type MantineColorScheme } from "@mantine/core";
import { IconCheck, IconKeyboard, IconLogout } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { me } from "../api/queries";
import { tellError } from "../kit/toasts";
import { LANGUAGES } from "./i18n";
import { chooseLanguage, signOut } from "./session";

const SCHEMES: MantineColorScheme[] = ["light", "dark", "auto"];

function Choice({ label, chosen, onChoose }: { label: string; chosen: boolean; onChoose: () => void }) {
  return (
    <Menu.Item
      role="menuitemradio"
      aria-checked={chosen}
      leftSection={<IconCheck size={14} visibility={chosen ? "visible" : "hidden"} />}
      onClick={onChoose}
    >
      {label}
    </Menu.Item>
  );
}

/** Top right: who is signed in, and how they like to work. */
export function MeMenu({ onKeys }: { onKeys: () => void }) {
  const { t, i18n } = useTranslation();
  const { data: user } = useQuery(me);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const navigate = useNavigate();
  const name = user?.displayName ?? "";
  const leave = () => signOut().then(() => navigate({ to: "/sign-in" }), tellError);
  return (
    <Menu position="bottom-end" width={230}>
      <Menu.Target>
        <ActionIcon variant="transparent" size="lg" aria-label={t("me.label", { name })}>
          <Avatar name={name} color="ink" size={32} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Text size="sm" fw={600} px="sm" pt={6} className="anywhere">
          {name}
        </Text>
        <Text size="xs" px="sm" pb={6} className="quiet anywhere">
          {user?.email}
        </Text>
        <Menu.Divider />
        <Menu.Label>{t("me.language")}</Menu.Label>
        {LANGUAGES.map(({ value, label }) => (
          <Choice
            key={value}
            label={label}
            chosen={i18n.language === value}
            onChoose={() => void chooseLanguage(value).catch(tellError)}
          />
        ))}
        <Menu.Label>{t("me.theme")}</Menu.Label>
        {SCHEMES.map((scheme) => (
          <Choice
            key={scheme}
            label={t(`me.${scheme}`)}
            chosen={colorScheme === scheme}
            onChoose={() => setColorScheme(scheme)}
          />
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={onKeys}>
          {t("me.keys")}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void leave()}>
          {t("me.signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
