import { Alert, Anchor, List, Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { answer, api, idOf } from "../api/client";
import type { Impact } from "../api/types";
import { pathOf } from "../kit/records";

/** How many contacts are asked about before they are deleted; of more it is told afterwards what holds them. */
const MOST_ASKED = 25;
const AT_ONCE = 4;

async function impactsOf(contact: string) {
  const params = { path: { contact: idOf(contact) } };
  const { impacts } = await answer<{ impacts: Impact[] }>(api.GET("/v1/contacts/{contact}:deletionImpact", { params }));
  return impacts.filter(({ count, effect }) => count > 0 || effect === "UNKNOWN");
}

async function impactsOfAll(contacts: string[]) {
  const found: Impact[][] = [];
  for (let at = 0; at < contacts.length; at += AT_ONCE)
    found.push(...(await Promise.all(contacts.slice(at, at + AT_ONCE).map(impactsOf))));
  return found;
}

/** What is called so in the plural. */
function useTypeTitle() {
  const { t, i18n } = useTranslation("bulk");
  return (type: string) =>
    i18n.exists(`bulk:impact.type.${type}`) ? t(`impact.type.${type}` as "impact.type.Invoice") : type;
}

/** What becomes of the records of a type. Persons only lose their company. */
function effectOf(type: string, effect: Exclude<Impact["effect"], "UNKNOWN">) {
  return type === "Contact" && effect === "DETACHED" ? "withoutCompany" : effect;
}

/** What hangs on a contact, and what becomes of it when the contact goes. */
export function DeletionImpact({ contact }: { contact: string }) {
  const { t } = useTranslation("bulk");
  const called = useTypeTitle();
  const { data: impacts = [] } = useQuery({
    queryKey: ["contacts", "impact", contact],
    queryFn: () => impactsOf(contact),
    staleTime: 0,
    retry: false,
  });
  if (impacts.length === 0) return null;
  return (
    <Alert color={impacts.some(({ blocking }) => blocking) ? "red" : "yellow"} title={t("impact.title")} role="status">
      <List size="sm">
        {impacts.map((impact) => (
          <List.Item key={impact.service + impact.type + impact.effect}>
            {impact.effect === "UNKNOWN"
              ? t("impact.UNKNOWN", { service: impact.service })
              : `${called(impact.type)}: ${impact.count} — ${t(`impact.${effectOf(impact.type, impact.effect)}`)}`}
            {impact.examples.slice(0, 5).map(({ name, title }) => (
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

/** The impacts of several contacts as one: those of contacts that stay anyway count only as what holds them. */
function summed(found: Impact[][]) {
  const counted = found.flatMap((impacts) => {
    const holding = impacts.filter(({ blocking, effect }) => blocking || effect === "UNKNOWN");
    return holding.length > 0 ? holding : impacts;
  });
  const sums = new Map<string, Impact>();
  for (const impact of counted) {
    const key = impact.service + impact.type + impact.effect;
    sums.set(key, { ...impact, count: impact.count + (sums.get(key)?.count ?? 0) });
  }
  return [...sums.values()];
}

/** What hangs on several contacts, before they are deleted; `contacts`: their names, none where they are too many. */
export function DeletionImpactOfMany({ contacts }: { contacts: string[] | undefined }) {
  const { t } = useTranslation("bulk");
  const called = useTypeTitle();
  const asked = contacts && contacts.length <= MOST_ASKED ? contacts : undefined;
  const query = useQuery({
    queryKey: ["contacts", "impact", asked],
    queryFn: () => impactsOfAll(asked ?? []),
    enabled: asked !== undefined,
    staleTime: 0,
    retry: false,
  });
  if (!asked || query.error) return <Text size="sm">{t("impact.afterwards")}</Text>;
  if (!query.data) return <Skeleton height={60} role="status" aria-label={t("impact.asking")} />;
  const held = query.data.filter((impacts) => impacts.some(({ blocking }) => blocking)).length;
  const sums = summed(query.data);
  if (sums.length === 0) return <Text size="sm">{t("impact.none")}</Text>;
  return (
    <Alert color={held > 0 ? "red" : "yellow"} title={t("impact.titleOfMany")} role="status">
      {held > 0 && (
        <Text size="sm" fw={600}>
          {t("impact.held", { count: held, total: asked.length })}
        </Text>
      )}
      <List size="sm">
        {sums.map((impact) => (
          <List.Item key={impact.service + impact.type + impact.effect}>
            {impact.effect === "UNKNOWN"
              ? t("impact.UNKNOWN", { service: impact.service })
              : `${called(impact.type)}: ${impact.count} — ${t(`impact.many.${effectOf(impact.type, impact.effect)}`)}`}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
