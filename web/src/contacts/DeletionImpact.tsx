import { Alert, Anchor, List } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { answer, api, idOf } from "../api/client";
import type { Impact } from "../api/types";
import { pathOf } from "../kit/records";

/** What hangs on a contact, and what becomes of it when the contact goes. */
export function DeletionImpact({ contact }: { contact: string }) {
  const { t, i18n } = useTranslation("bulk");
  const { data } = useQuery({
    queryKey: ["contacts", "impact", contact],
    queryFn: () => {
      const params = { path: { contact: idOf(contact) } };
      return answer<{ impacts: Impact[] }>(api.GET("/v1/contacts/{contact}:deletionImpact", { params }));
    },
    staleTime: 0,
    retry: false,
  });
  const impacts = data?.impacts.filter(({ count, effect }) => count > 0 || effect === "UNKNOWN") ?? [];
  if (impacts.length === 0) return null;
  const called = (type: string) => {
    const key = `bulk:impact.type.${type}`;
    return i18n.exists(key) ? t(`impact.type.${type}` as "impact.type.Invoice") : type;
  };
  return (
    <Alert color={impacts.some(({ blocking }) => blocking) ? "red" : "yellow"} title={t("impact.title")} role="status">
      <List size="sm">
        {impacts.map(({ service, type, count, effect, examples }) => (
          <List.Item key={service + type + effect}>
            {effect === "UNKNOWN"
              ? t("impact.UNKNOWN", { service })
              : `${called(type)}: ${count} — ${t(`impact.${effect}`)}`}
            {examples.slice(0, 5).map(({ name, title }) => (
              <div key={name}>
                {pathOf(name) ? (
                  <Anchor component={Link} to={pathOf(name) as "/"} inherit>
                    {title}
                  </Anchor>
                ) : (
                  title
                )}
              </div>
            ))}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
