import { ActionIcon, Avatar, Menu, Text, useMantineColorScheme, type MantineColorScheme } from "@mantine/core";
import { IconKeyboard, IconLogout } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { me } from "../api/queries";
import { tellError } from "../kit/toasts";
import { LANGUAGES, type Language } from "./i18n";
import { chooseLanguage, signOut } from "./session";

const SCHEMES = ["light", "dark", "auto"] as const satisfies MantineColorScheme[];

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
        <Menu.RadioGroup
          value={i18n.language}
          onChange={(value) => void chooseLanguage(value as Language).catch(tellError)}
        >
          {LANGUAGES.map(({ value, label }) => (
            <Menu.RadioItem key={value} value={value}>
              {label}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Label>{t("me.theme")}</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={(value) => setColorScheme(value as MantineColorScheme)}>
          {SCHEMES.map((scheme) => (
            <Menu.RadioItem key={scheme} value={scheme}>
              {t(`me.${scheme}`)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
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
