import { Anchor, Button, Group, Text } from "@mantine/core";
import { IconUserPlus } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import type { DataTableColumn } from "mantine-datatable";
import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";

import { idOf } from "../../api/client";
import { listOf, me } from "../../api/queries";
import type { User } from "../../api/types";
import { NothingYet } from "../../kit/EmptyState";
import { EntityTable } from "../../kit/EntityTable";
import { FilterBar, FilterSelect, SearchBox } from "../../kit/FilterBar";
import { ListPage } from "../../kit/ListPage";
import { PAGE_SIZES, useListSearch } from "../../kit/listSearch";
import { SavedViews } from "../../kit/listTools";
import { UserPhoto } from "../../kit/Person";
import { administersPortal } from "../../kit/roles";
import { UserNames } from "../../kit/UserName";
import classes from "./people.module.css";
import { ROLES, STATES, userFilter, type UserSearch } from "./search";
import { UserMenu, useUserActs } from "./UserActions";
import { UserStateBadge } from "./UserBadges";
import { InviteMany } from "./InviteMany";
import { UserDialog } from "./UserDialog";

const DEFAULT_SORT = "display_name";

function useColumns(administrator: boolean): DataTableColumn<User>[] {
  const { t } = useTranslation("people");
  return [
    {
      accessor: "display_name",
      title: t("field.displayName"),
      sortable: true,
      render: (user) => (
        <div className={classes.user}>
          <UserPhoto user={user} size={32} />
          <div className={classes.text}>
            <Anchor component={Link} to={`/settings/${user.name}` as "/"} fw={500} c="inherit" inherit>
              {user.displayName}
            </Anchor>
            <span className={classes.sub}>{user.jobTitle}</span>
          </div>
        </div>
      ),
    },
    {
      accessor: "email",
      title: t("field.email"),
      width: 230,
      ellipsis: true,
      sortable: true,
      visibleMediaQuery: "(min-width: 62em)",
      render: ({ email }) => <span title={email}>{email}</span>,
    },
    { accessor: "role", title: t("field.role"), width: 200, render: ({ role }) => t(`role.${role}`) },
    {
      accessor: "groups",
      title: t("field.groups"),
      width: 150,
      ellipsis: true,
      visibleMediaQuery: "(min-width: 85em)",
      render: ({ groups }) => groups.length > 0 && <UserNames names={groups} />,
    },
    {
      accessor: "totp_enabled",
      title: t("field.totp"),
      width: 150,
      hidden: !administrator,
      visibleMediaQuery: "(min-width: 80em)",
      render: ({ totpEnabled }) => t(totpEnabled ? "totp.on" : "totp.off"),
    },
    {
      accessor: "state",
      title: t("field.state"),
      width: 130,
      render: ({ state }) => <UserStateBadge state={state} />,
    },
  ];
}

function Card({ user }: { user: User }) {
  const { t } = useTranslation("people");
  return (
    <div className={classes.user}>
      <UserPhoto user={user} size={32} />
      <div className={classes.text}>
        <Text span fw={500}>
          {user.displayName}
        </Text>
        <span className={classes.sub}>{user.email}</span>
        <Group gap={8}>
          <span className={classes.sub}>{t(`role.${user.role}`)}</span>
          {user.state !== "ACTIVE" && <UserStateBadge state={user.state} />}
        </Group>
      </div>
    </div>
  );
}

type List = ReturnType<typeof useListSearch<UserSearch>>;

function Filters({ list, filtered, onClear }: { list: List; filtered: boolean; onClear: () => void }) {
  const { t } = useTranslation("people");
  const { search, change } = list;
  return (
    <FilterBar onClear={filtered ? onClear : undefined}>
      <SearchBox label={t("search")} value={search.q ?? ""} onChange={(q) => change({ q: q || undefined })} />
      <FilterSelect
        label={t("filter.role")}
        value={search.role}
        options={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))}
        onChange={(role) => change({ role })}
      />
      <FilterSelect
        label={t("filter.state")}
        value={search.state}
        options={STATES.map((value) => ({ value, label: t(`state.${value}`) }))}
        onChange={(state) => change({ state })}
      />
      <Suspense>
        <SavedViews list="users" />
      </Suspense>
    </FilterBar>
  );
}

/** Everybody who works here, has been invited, or did work here. */
export function UserList() {
  const { t } = useTranslation("people");
  const navigate = useNavigate();
  const { data: self } = useQuery(me);
  const administrator = administersPortal(self);
  const list = useListSearch<UserSearch>();
  const { search, change } = list;
  const columns = useColumns(administrator);
  const acts = useUserActs();
  const [inviting, setInviting] = useState<"one" | "many">();
  const query = {
    q: search.q,
    filter: userFilter(search),
    orderBy: search.sort ?? DEFAULT_SORT,
    pageSize: search.size ?? PAGE_SIZES[0],
    pageToken: search.page,
  };
  const users = useQuery({ ...listOf("users", query), placeholderData: keepPreviousData });
  const filtered = Boolean(search.q ?? search.role ?? search.state);
  const clear = () => change({ q: undefined, role: undefined, state: undefined });
  const open = (user: User) => void navigate({ to: "/settings/users/$id", params: { id: idOf(user.name) } });
  return (
    <>
      <ListPage
        title={t("title")}
        action={
          administrator && (
            <Group gap="xs">
              <Button variant="default" onClick={() => setInviting("many")}>
                {t("many.open")}
              </Button>
              <Button leftSection={<IconUserPlus size={16} />} onClick={() => setInviting("one")}>
                {t("invite")}
              </Button>
            </Group>
          )
        }
        filters={<Filters list={list} filtered={filtered} onClear={clear} />}
        query={users}
        list={list}
        filtered={filtered}
        onClear={clear}
        nothingYet={<NothingYet title={t("title")} />}
      >
        {(page) => (
          <EntityTable
            label={t("title")}
            records={page.records}
            columns={columns}
            titleOf={(user) => user.displayName}
            card={(user) => <Card user={user} />}
            menu={administrator ? (user) => <UserMenu user={user} acts={acts} /> : undefined}
            sort={search.sort ?? DEFAULT_SORT}
            onSort={(sort) => change({ sort: sort === DEFAULT_SORT ? undefined : sort })}
            onOpen={open}
            onEdit={(user) => administrator && acts.ask("edit", user)}
            fetching={users.isPlaceholderData}
          />
        )}
      </ListPage>
      {inviting === "many" && <InviteMany onClose={() => setInviting(undefined)} />}
      {inviting === "one" && (
        <UserDialog
          onClose={() => setInviting(undefined)}
          onDone={(user) => {
            setInviting(undefined);
            acts.invited(user);
          }}
        />
      )}
      {acts.dialogs}
    </>
  );
}
