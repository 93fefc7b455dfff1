import { Anchor, Badge, Group } from "@mantine/core";
import { IconLock, IconStarFilled, IconUsers } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { Contact, PostalAddress, Sharing } from "../api/types";
import { AccessPanel } from "../kit/AccessPanel";
import { formatTime } from "../kit/days";
import { Fact, Facts } from "../kit/Facts";
import { Principals } from "../kit/Person";
import { UserName } from "../kit/UserName";
import classes from "./contacts.module.css";

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
  const { t } = useTranslation("contacts");
  return (
    <Facts>
      <Fact label={t("field.company")}>
        {contact.company && (
          <Anchor component={Link} to={`/${contact.company}` as "/"} inherit>
            {contact.companyDisplayName || t("hiddenCompany")}
          </Anchor>
        )}
      </Fact>
      <Fact label={t("field.jobTitle")}>{contact.jobTitle}</Fact>
      <Fact label={t("field.emails")}>
        {contact.emails.map(({ value, category, primary }) => (
          <Row key={value + category} category={t(`category.${category}`)} primary={primary}>
            <Anchor href={`mailto:${value}`} inherit>
              {value}
            </Anchor>
          </Row>
        ))}
      </Fact>
      <Fact label={t("field.phones")}>
        {contact.phones.map(({ value, category, primary }) => (
          <Row key={value + category} category={t(`category.${category}`)} primary={primary}>
            <Anchor href={`tel:${value.replace(/[^\d+]/g, "")}`} inherit>
              {value}
            </Anchor>
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
        </Fact>
        <Fact label={t("updated")}>{changed !== added && changed}</Fact>
      </Facts>
      <AccessPanel name={contact.name} />
    </>
  );
}
