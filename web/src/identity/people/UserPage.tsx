import { Anchor } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { me, userNamed } from "../../api/queries";
import { LANGUAGES } from "../../app/i18n";
import { formatTime } from "../../kit/days";
import { PageUnavailable } from "../../kit/EmptyState";
import { Fact, Facts } from "../../kit/Facts";
import { Flash } from "../../kit/Flash";
import { Person, Principals, UserPhoto } from "../../kit/Person";
import { PictureInput } from "../../kit/PictureInput";
import { RecordPage, Section } from "../../kit/RecordPage";
import { administersPortal } from "../../kit/roles";
import { Loaded } from "../../kit/SettingsPage";
import type { User } from "../../api/types";
import { removePhoto, uploadPhoto } from "../pictures";
import { SignIns } from "./SignIns";
import { UserMenu, useKnowUser, useUserActs } from "./UserActions";
import { UserStateBadge } from "./UserBadges";

/** Everything about one person. */
export function UserPage() {
  const { id } = useParams({ from: "/frame/settings/users/$id" });
  const user = useQuery({ ...userNamed(`users/${id}`), staleTime: 0 });
  if (user.error) return <PageUnavailable error={user.error} onRetry={() => void user.refetch()} />;
  return <Loaded query={user}>{(user) => <Page key={user.name} user={user} />}</Loaded>;
}

function Page({ user }: { user: User }) {
  const { t } = useTranslation("people");
  const { data: self } = useQuery(me);
  const administrator = administersPortal(self);
  const acts = useUserActs();
  const know = useKnowUser();
  const { name, displayName } = user;
  return (
    <RecordPage
      title={displayName}
      subtitle={[t(`role.${user.role}`), user.jobTitle].filter(Boolean).join(" · ")}
      mark={<UserPhoto user={user} size={44} />}
      badge={<UserStateBadge state={user.state} />}
      edit={administrator ? { label: t("edit"), act: () => acts.ask("edit", user) } : undefined}
      menu={administrator ? <UserMenu user={user} acts={acts} /> : undefined}
    >
      <Flash record={user}>
        <Section title={t("section.facts")}>
          <Facts>
            <Fact label={t("field.email")}>
              <Anchor href={`mailto:${user.email}`} inherit>
                {user.email}
              </Anchor>
            </Fact>
            <Fact label={t("field.jobTitle")}>{user.jobTitle}</Fact>
            <Fact label={t("field.role")}>{t(`role.${user.role}`)}</Fact>
            <Fact label={t("field.crmAccess")}>{t(user.crmAccess ? "crm.yes" : "crm.no")}</Fact>
            <Fact label={t("field.groups")}>{user.groups.length > 0 && <Principals names={user.groups} />}</Fact>
            <Fact label={t("field.totp")}>{administrator && t(user.totpEnabled ? "totp.on" : "totp.off")}</Fact>
            <Fact label={t("field.language")}>{LANGUAGES.find(({ value }) => value === user.language)?.label}</Fact>
            <Fact label={t("field.timeZone")}>{user.timeZone}</Fact>
            <Fact label={t("field.added")}>
              <span className="numeric">{formatTime(user.createTime)}</span>
              {user.creator && user.creator !== name && (
                <span className="quiet">
                  {" · "}
                  <Person name={user.creator} />
                </span>
              )}
            </Fact>
          </Facts>
        </Section>
      </Flash>
      {administrator && (
        <Section title={t("section.photo")}>
          <PictureInput
            picture={<UserPhoto user={user} size={64} />}
            present={user.photo !== ""}
            upload={(file) => uploadPhoto(name, file).then(know)}
            remove={() => removePhoto(name).then(know)}
          />
        </Section>
      )}
      {administrator && self?.name !== name && (user.role !== "OWNER" || self?.role === "OWNER") && (
        <SignIns user={user} />
      )}
      {acts.dialogs}
    </RecordPage>
  );
}
