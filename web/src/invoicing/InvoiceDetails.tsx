import { Anchor } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import type { Invoice } from "../api/types";
import { formatDay, formatTime } from "../kit/days";
import { Fact, Facts } from "../kit/Facts";
import { formatMoney, formatQuantity } from "../kit/money";
import { UserName } from "../kit/UserName";
import classes from "./invoicing.module.css";
import { StateBadge } from "./StateBadge";

/** Who is to pay, and by when. */
export function InvoiceFacts({ invoice }: { invoice: Invoice }) {
  const { t } = useTranslation("invoicing");
  const { street, postalCode, city, state, country } = invoice.billingAddress ?? {};
  const town = [postalCode, city].filter(Boolean).join(" ");
  const address = [street, town, state, country].filter(Boolean).join(", ");
  return (
    <Facts>
      <Fact label={t("field.client")}>
        <Anchor component={Link} to={`/${invoice.client}` as "/"} inherit>
          {invoice.clientDisplayName}
        </Anchor>
      </Fact>
      <Fact label={t("field.billingAddress")}>{address}</Fact>
      <Fact label={t("field.issueDate")}>{formatDay(invoice.issueDate)}</Fact>
      <Fact label={t("field.dueDate")}>{formatDay(invoice.dueDate)}</Fact>
      <Fact label={t("field.state")}>
        <StateBadge state={invoice.state} />
      </Fact>
      <Fact label={t("field.notes")}>{invoice.notes && <span className="preserve-lines">{invoice.notes}</span>}</Fact>
      <Fact label={t("created")}>
        {formatTime(invoice.createTime)}
        {invoice.creator && (
          <span className="quiet">
            {" · "}
            <UserName name={invoice.creator} />
          </span>
        )}
      </Fact>
    </Facts>
  );
}

/** What is to be paid for, with the amounts as the API computed them. */
export function InvoiceLines({ invoice }: { invoice: Invoice }) {
  const { t, i18n } = useTranslation("invoicing");
  const money = (value: Invoice["total"]) => formatMoney(value, i18n.language);
  return (
    <div className={classes.lineBox}>
      <table className={classes.lines} aria-label={t("field.lines")}>
        <thead>
          <tr>
            <th scope="col">{t("line.description")}</th>
            <th scope="col" className={classes.amount}>
              {t("line.quantity")}
            </th>
            <th scope="col" className={classes.amount}>
              {t("line.price")}
            </th>
            <th scope="col" className={classes.amount}>
              {t("line.amount")}
            </th>
          </tr>
        </thead>
        <tbody>
          {invoice.lines.map((line, index) => (
            <tr key={index}>
              <td className="preserve-lines">{line.description}</td>
              <td className={classes.amount}>{formatQuantity(line.quantity, i18n.language)}</td>
              <td className={classes.amount}>{money(line.price)}</td>
              <td className={classes.amount}>{money(line.amount)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td colSpan={3} className={classes.amount}>
              {t("field.total")}
            </td>
            <td className={`${classes.amount} ${classes.total}`}>{money(invoice.total)}</td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}
