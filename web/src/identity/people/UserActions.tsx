import { Menu } from "@mantine/core";
import {
  IconArrowRight,
  IconDeviceMobileOff,
  IconKey,
  IconPencil,
  IconSend,
  IconUserCheck,
  IconUserOff,
} from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { keys, me } from "../../api/queries";
import type { User } from "../../api/types";
import { knowMe } from "../../app/session";
import { ActDialog } from "../../kit/ActDialog";
import { administersPortal } from "../../kit/roles";
import { tell, tellError } from "../../kit/toasts";
import { changeUser, inviteAgain, makeResetLink, removeTotp } from "./calls";
import { HandOverDialog } from "./HandOverDialog";
import { LinkDialog, type OneTimeLink } from "./LinkDialog";
import { UserDialog } from "./UserDialog";

type Asked = { what: "edit" | "handOver" | "disable" | "removeTotp"; user: User };

/** Remembers what the API answered of a user, and has the lists fetched again. */
export function useKnowUser() {
  const client = useQueryClient();
  return (user: User) => {
    client.setQueryData(keys.one(user.name), user);
    if (client.getQueryData(me.queryKey)?.name === user.name) knowMe(user);
    void client.invalidateQueries({ queryKey: keys.lists("users") });
  };
}

/** What administrators can do with people: the dialogs, and how to open them. */
export function useUserActs() {
  const { t } = useTranslation("people");
  const know = useKnowUser();
  const [asked, setAsked] = useState<Asked>();
  const [link, setLink] = useState<OneTimeLink>();
  const invited = (user: User) => {
    know(user);
    setLink({ user, purpose: "invitation", link: user.invitationLink });
  };
  const enable = useMutation({
    mutationFn: (user: User) => changeUser(user, { state: "ACTIVE" }),
    onSuccess: (user) => {
      know(user);
      tell(t("enabled", { name: user.displayName }));
    },
    onError: tellError,
  });
  const invite = useMutation({ mutationFn: inviteAgain, onSuccess: invited, onError: tellError });
  const reset = useMutation({
    mutationFn: makeResetLink,
    onSuccess: ({ passwordResetLink }, user) => setLink({ user, purpose: "reset", link: passwordResetLink }),
    onError: tellError,
  });
  const done = (said: "changed" | "disabled" | "handedOver" | "totpRemoved") => (user: User) => {
    know(user);
    setAsked(undefined);
    tell(t(said, { name: user.displayName }));
  };
  const close = () => setAsked(undefined);
  const dialogs = (
    <>
      {asked?.what === "edit" && <UserDialog user={asked.user} onDone={done("changed")} onClose={close} />}
      {asked?.what === "disable" && (
        <HandOverDialog user={asked.user} disabling onDone={done("disabled")} onClose={close} />
      )}
      {asked?.what === "handOver" && (
        <HandOverDialog user={asked.user} disabling={false} onDone={done("handedOver")} onClose={close} />
      )}
      {asked?.what === "removeTotp" && (
        <ActDialog
          title={t("removeTotp.title", { name: asked.user.displayName })}
          text={t("removeTotp.text")}
          action={t("removeTotp.action")}
          danger
          run={() => removeTotp(asked.user)}
          onDone={done("totpRemoved")}
          onClose={close}
        />
      )}
      {link && <LinkDialog {...link} onClose={() => setLink(undefined)} />}
    </>
  );
  return {
    dialogs,
    invited,
    ask: (what: Asked["what"], user: User) => setAsked({ what, user }),
    enable: enable.mutate,
    inviteAgain: invite.mutate,
    makeResetLink: reset.mutate,
  };
}

export type UserActs = ReturnType<typeof useUserActs>;

/** The items of a person's ⋯ menu, as far as one may choose them. */
export function UserMenu({ user, acts }: { user: User; acts: UserActs }) {
  const { t } = useTranslation("people");
  const { data: self } = useQuery(me);
  const protectedOwner = user.role === "OWNER" && self?.name !== user.name;
  if (!administersPortal(self)) return null;
  const others = user.name !== self?.name && user.role !== "OWNER";
  return (
    <>
      <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => acts.ask("edit", user)}>
        {t("edit")}
      </Menu.Item>
      {user.state === "INVITED" && (
        <Menu.Item leftSection={<IconSend size={16} />} onClick={() => acts.inviteAgain(user)}>
          {t("inviteAgain")}
        </Menu.Item>
      )}
      {user.state === "ACTIVE" && others && (
        <Menu.Item leftSection={<IconKey size={16} />} onClick={() => acts.makeResetLink(user)}>
          {t("resetLink")}
        </Menu.Item>
      )}
      {user.totpEnabled && !protectedOwner && (
        <Menu.Item leftSection={<IconDeviceMobileOff size={16} />} onClick={() => acts.ask("removeTotp", user)}>
          {t("removeTotp.action")}
        </Menu.Item>
      )}
      <Menu.Item leftSection={<IconArrowRight size={16} />} onClick={() => acts.ask("handOver", user)}>
        {t("handOver.item")}
      </Menu.Item>
      {others && user.state === "DISABLED" && (
        <Menu.Item leftSection={<IconUserCheck size={16} />} onClick={() => acts.enable(user)}>
          {t("enable")}
        </Menu.Item>
      )}
      {others && user.state !== "DISABLED" && (
        <>
          <Menu.Divider />
          <Menu.Item
            className="danger"
            leftSection={<IconUserOff size={16} />}
            onClick={() => acts.ask("disable", user)}
          >
            {t("disable.item")}
          </Menu.Item>
        </>
      )}
    </>
  );
}
