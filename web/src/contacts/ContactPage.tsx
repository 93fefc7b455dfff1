import { Badge, Group, Skeleton, Tooltip } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { idOf } from "../api/client";
import { contactNamed, me } from "../api/queries";
import { PageUnavailable } from "../kit/EmptyState";
import { Flash } from "../kit/Flash";
import { FileList } from "../kit/files/FileList";
import { HistoryPanel } from "../kit/history/HistoryPanel";
import { RecordPage, Section } from "../kit/RecordPage";
import { RecordTabs } from "../kit/RecordTabs";
import { ContactMenu } from "./ContactMenu";
import DeleteContact from "./DeleteContact";
import { ContactAccess, ContactDetails } from "./ContactDetails";
import { ContactMark } from "./ContactMark";
import { ContactPhoto } from "./ContactPhoto";
import classes from "./contacts.module.css";
import MergeDialog from "./MergeDialog";
import { MergesOfContact } from "./MergesOfContact";
import { PersonsOfCompany } from "./PersonsOfCompany";
import { mayChange } from "./rights";

type Props = { invoices: ReactNode; events: ReactNode };

/** Everything about one contact; its invoices and events are other features', and come in from the route. */
export function ContactPage({ invoices, events }: Props) {
  const { t } = useTranslation("contacts");
  const { id } = useParams({ from: "/frame/contacts/$id" });
  const navigate = useNavigate();
  const { data: contact, error, refetch } = useQuery(contactNamed(`contacts/${id}`));
  const [deleting, setDeleting] = useState(false);
  const [merging, setMerging] = useState(false);
  const { data: user } = useQuery(me);
  if (error) return <PageUnavailable error={error} onRetry={() => void refetch()} />;
  if (!contact) return <Skeleton height={320} m="lg" maw={1000} />;
  const mayEdit = mayChange(contact, user);
  const below = [contact.jobTitle, contact.companyDisplayName].filter(Boolean).join(" · ");
  return (
    <RecordPage
      title={contact.displayName}
      subtitle={
        <Group gap={8}>
          {t(`kind.${contact.kind}`)}
          {below && ` · ${below}`}
        </Group>
      }
      mark={mayEdit ? <ContactPhoto contact={contact} /> : <ContactMark contact={contact} size={72} />}
      badge={
        <>
          {contact.state === "DELETING" && <Badge color="red">{t("deleting")}</Badge>}
          {user && !mayEdit && (
            <Tooltip label={t("readOnly.text")} multiline maw={320}>
              <Badge variant="default" tt="none" fw={500} leftSection={<IconLock size={12} />} tabIndex={0}>
                {t("readOnly.badge")}
              </Badge>
            </Tooltip>
          )}
        </>
      }
      edit={
        mayEdit
          ? { label: t("editShort"), act: () => void navigate({ to: "/contacts/$id/edit", params: { id } }) }
          : undefined
      }
      menu={<ContactMenu contact={contact} onDelete={() => setDeleting(true)} onMerge={() => setMerging(true)} />}
    >
      <RecordTabs
        tabs={[
          {
            value: "profile",
            label: t("tab.profile"),
            content: (
              <>
                <Flash record={contact}>
                  <div className={classes.columns}>
                    <Section title={t("section.reach")}>
                      <ContactDetails contact={contact} />
                    </Section>
                    <Section title={t("section.access")}>
                      <ContactAccess contact={contact} />
                    </Section>
                  </div>
                </Flash>
                <HistoryPanel subject={contact.name} mayEdit={mayEdit} />
                <MergesOfContact contact={contact.name} mayPart={mayEdit} />
              </>
            ),
          },
          ...(contact.kind === "COMPANY"
            ? [
                {
                  value: "persons",
                  label: t("title.PERSON"),
                  content: <PersonsOfCompany company={contact.name} />,
                },
              ]
            : []),
          { value: "invoices", label: t("tab.invoices"), content: invoices },
          { value: "events", label: t("tab.events"), content: events },
          {
            value: "documents",
            label: t("tab.documents"),
            content: <FileList subject={contact.name} mayEdit={mayEdit} />,
          },
        ]}
      />
      {merging && (
        <MergeDialog
          contact={contact}
          onDone={(survivor) => {
            setMerging(false);
            void navigate({ to: "/contacts/$id", params: { id: idOf(survivor.name) } });
          }}
          onClose={() => setMerging(false)}
        />
      )}
      {deleting && (
        <DeleteContact
          contact={contact}
          onDone={() => void navigate({ to: "/contacts" })}
          onClose={() => setDeleting(false)}
        />
      )}
    </RecordPage>
  );
}
