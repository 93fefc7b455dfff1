import { ActionIcon, Menu, Text } from "@mantine/core";
import { IconKeyboard, IconLogout, IconUserCircle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { me } from "../api/queries";
import { UserPhoto } from "../kit/Person";
import { tellError } from "../kit/toasts";
import { THEMES, useTheme, type Theme } from "./appearance";
import { LANGUAGES, type Language } from "./i18n";
import { chooseLanguage, signOut } from "./session";

/** Top right: who is signed in, and how they like to work. */
export function MeMenu({ onKeys }: { onKeys: () => void }) {
  const { t, i18n } = useTranslation();
  const { data: user } = useQuery(me);
  const { theme, chooseTheme } = useTheme();
  const navigate = useNavigate();
  const name = user?.displayName ?? "";
  const leave = () => signOut().then(() => navigate({ to: "/sign-in" }), tellError);
  return (
    <Menu position="bottom-end" width={230}>
      <Menu.Target>
        <ActionIcon variant="transparent" size="lg" aria-label={t("me.label", { name })}>
          <UserPhoto user={user} size={32} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Text size="sm" fw={600} px="sm" pt={6} className="anywhere">
          {name}
        </Text>
        <Text size="xs" px="sm" pb={6} className="quiet anywhere">
          {user?.email}
        </Text>
        <Menu.Item component={Link} to="/profile" leftSection={<IconUserCircle size={16} />}>
          {t("me.profile")}
        </Menu.Item>
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
        <Menu.RadioGroup value={theme} onChange={(value) => void chooseTheme(value as Theme).catch(tellError)}>
          {THEMES.map((choice) => (
            <Menu.RadioItem key={choice} value={choice}>
              {t(`theme.${choice}`)}
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
