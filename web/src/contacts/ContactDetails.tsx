import { Anchor, Badge, Group } from "@mantine/core";
import { IconLock, IconStarFilled, IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { dictionary } from "../api/queries";
import type { Contact, Custom, PostalAddress, Sharing } from "../api/types";
import { LANGUAGES } from "../app/i18n";
import { AccessPanel } from "../kit/AccessPanel";
import { formatDay, formatTime } from "../kit/days";
import { Fact, Facts } from "../kit/Facts";
import { Principals } from "../kit/Person";
import { UserName } from "../kit/UserName";
import classes from "./contacts.module.css";
import { networkName } from "./networks";
import { shownPhone } from "./phones";
import { Tags, Titled } from "./Titled";

export function oneLine(address: PostalAddress) {
  const { street, city, state, postalCode, country } = address;
  return [street, [postalCode, city].filter(Boolean).join(" "), state, country].filter(Boolean).join(", ");
}

/** One e-mail, phone or address with what it is for; the primary one has a star. */
function Row({ category, primary, children }: { category: string; primary: boolean; children: ReactNode }) {
  const { t } = useTranslation("kit");
  return (
    <Group gap={6} className={classes.row}>
      <span className="anywhere">{children}</span>
      <span className={classes.category}>{category}</span>
      {primary && <IconStarFilled size={12} className={classes.star} role="img" aria-label={t("primary")} />}
    </Group>
  );
}

/** A link to another site; what is no web address is only text. */
function Elsewhere({ address, children }: { address: string; children: ReactNode }) {
  if (!/^https?:\/\//i.test(address)) return <>{children}</>;
  return (
    <Anchor href={address} target="_blank" rel="noopener noreferrer" inherit>
      {children}
    </Anchor>
  );
}

/** The values of the fields that administrators added. */
function Own({ custom }: { custom: Custom }) {
  const { t } = useTranslation("contacts");
  const fields = useQuery(dictionary("contactFields")).data?.records ?? [];
  return fields.map(({ name, label, kind }) => {
    const value = custom[name];
    if (value === undefined || value === "") return null;
    return (
      <Fact key={name} label={label}>
        <span className="preserve-lines">
          {typeof value === "boolean" ? t(value ? "yes" : "no") : kind === "DATE" ? formatDay(value) : value}
        </span>
      </Fact>
    );
  });
}

/** Who may see the contact. */
export function SharingBadge({ sharing }: { sharing: Sharing }) {
  const { t } = useTranslation("contacts");
  const icon = sharing === "PRIVATE" ? <IconLock size={12} /> : <IconUsers size={12} />;
  return (
    <Badge variant="default" leftSection={icon} tt="none" fw={500}>
      {t(`sharing.${sharing}`)}
    </Badge>
  );
}

/** How to reach the contact and what is known of it. */
export function ContactDetails({ contact }: { contact: Contact }) {
  const { t } = useTranslation(["contacts", "mailings"]);
  return (
    <Facts>
      <Fact label={t("field.company")}>
        {contact.company && (
          <Anchor component={Link} to={`/${contact.company}` as "/"} inherit>
            {contact.companyDisplayName || t("hiddenCompany")}
          </Anchor>
        )}
      </Fact>
      <Fact label={t("field.type")}>{contact.type && <Titled name={contact.type} />}</Fact>
      <Fact label={t("field.temperature")}>{contact.temperature && <Titled name={contact.temperature} />}</Fact>
      <Fact label={t("field.jobTitle")}>{contact.jobTitle}</Fact>
      <Fact label={t("field.emails")}>
        {contact.emails.map(({ value, category, primary }) => (
          <Row key={value + category} category={t(`category.${category}`)} primary={primary}>
            <Anchor href={`mailto:${value}`} inherit>
              {value}
            </Anchor>
          </Row>
        ))}
        {contact.unsubscribed && (
          <Badge color="gray" variant="light" tt="none" fw={500}>
            {t("mailings:unsubscribed")}
          </Badge>
        )}
      </Fact>
      <Fact label={t("field.phones")}>
        {contact.phones.map(({ value, national, category, primary }) => (
          <Row key={value + category} category={t(`category.${category}`)} primary={primary}>
            <Anchor href={`tel:${value}`} className="numeric" inherit>
              {shownPhone({ value, national })}
            </Anchor>
          </Row>
        ))}
      </Fact>
      <Fact label={t("field.websites")}>
        {contact.websites.map(({ value, category, primary }) => (
          <Row key={value + category} category={t(`category.${category}`)} primary={primary}>
            <Elsewhere address={value}>{value.replace(/^https?:\/\//, "").replace(/\/$/, "")}</Elsewhere>
          </Row>
        ))}
      </Fact>
      <Fact label={t("field.socials")}>
        {contact.socials.map(({ value, network, category, primary }) => (
          <Row key={network + value} category={networkName(network)} primary={primary}>
            <span title={t(`category.${category}`)}>
              <Elsewhere address={value}>{value}</Elsewhere>
            </span>
          </Row>
        ))}
      </Fact>
      <Fact label={t("field.addresses")}>
        {contact.addresses.map((address, index) => (
          <Row key={index} category={t(`category.${address.category}`)} primary={address.primary}>
            {oneLine(address)}
          </Row>
        ))}
      </Fact>
      <Own custom={contact.custom} />
      <Fact label={t("field.currency")}>{contact.currency}</Fact>
      <Fact label={t("field.language")}>{LANGUAGES.find(({ value }) => value === contact.language)?.label}</Fact>
      <Fact label={t("field.tags")}>{contact.tags.length > 0 && <Tags tags={contact.tags} />}</Fact>
      <Fact label={t("field.description")}>
        {contact.description && <span className="preserve-lines">{contact.description}</span>}
      </Fact>
    </Facts>
  );
}

/** Who looks after the contact, who may see it, and where it came from. */
export function ContactAccess({ contact }: { contact: Contact }) {
  const { t } = useTranslation("contacts");
  const [added, changed] = [formatTime(contact.createTime), formatTime(contact.updateTime)];
  return (
    <>
      <Facts>
        <Fact label={t("field.managers")}>
          <Principals names={contact.managers} />
        </Fact>
        <Fact label={t("field.sharing")}>
          <SharingBadge sharing={contact.sharing} />
        </Fact>
        <Fact label={t("created")}>
          {added}
          {contact.creator && (
            <span className="quiet">
              {" · "}
              <UserName name={contact.creator} />
            </span>
          )}
          <div className="quiet">{t(`source.${contact.source}`)}</div>
        </Fact>
        <Fact label={t("updated")}>{changed !== added && changed}</Fact>
      </Facts>
      <AccessPanel name={contact.name} />
    </>
  );
}
