import { Button, Menu, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import type { DataTableColumn } from "mantine-datatable";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { submissionKeys } from "../../api/client";
import { groupNamed, keys, listOf, me } from "../../api/queries";
import type { Group } from "../../api/types";
import { ActDialog } from "../../kit/ActDialog";
import { DeleteDialog } from "../../kit/DeleteDialog";
import { NothingYet } from "../../kit/EmptyState";
import { EntityTable } from "../../kit/EntityTable";
import { FilterBar, SearchBox } from "../../kit/FilterBar";
import { ListPage } from "../../kit/ListPage";
import { PAGE_SIZES, useListSearch } from "../../kit/listSearch";
import { PeoplePicker } from "../../kit/PeoplePicker";
import { administersPortal } from "../../kit/roles";
import { tell } from "../../kit/toasts";
import { UserNames } from "../../kit/UserName";
import { deleteGroup, saveGroup, type GroupFields } from "./calls";

const DEFAULT_SORT = "title";

type DialogProps = { group?: Group; onDone: (group: Group) => void; onClose: () => void };

/** Makes a group, or changes who is in it. */
function GroupDialog({ group, onDone, onClose }: DialogProps) {
  const { t } = useTranslation(["people", "errors"]);
  const [submission] = useState(submissionKeys);
  const form = useForm<GroupFields>({
    initialValues: { title: group?.title ?? "", members: group?.members ?? [] },
    validate: { title: (value) => (value.trim() ? null : t("errors:required")) },
  });
  return (
    <ActDialog
      title={group ? t("editing", { name: group.title }) : t("group.new")}
      action={t("save")}
      form={form}
      run={(fields) => saveGroup(fields, group, submission)}
      onDone={onDone}
      onClose={onClose}
    >
      <TextInput label={t("group.title")} required data-autofocus {...form.getInputProps("title")} />
      <PeoplePicker
        label={t("group.members")}
        value={form.getValues().members}
        error={form.errors.members}
        onChange={(members) => form.setFieldValue("members", members)}
      />
    </ActDialog>
  );
}

type Asked = { what: "edit" | "delete"; group?: Group };

function useColumns(): DataTableColumn<Group>[] {
  const { t } = useTranslation(["people", "kit"]);
  return [
    {
      accessor: "title",
      title: t("group.title"),
      sortable: true,
      render: ({ title }) => <Text fw={500}>{title}</Text>,
    },
    {
      accessor: "members",
      title: t("group.members"),
      ellipsis: true,
      render: ({ members }) => <UserNames names={members.slice(0, 10)} />,
    },
    {
      accessor: "count",
      title: t("group.count"),
      width: 120,
      textAlign: "right",
      render: ({ members }) => <span className="numeric">{members.length}</span>,
    },
  ];
}

/** The groups of people, to share things with at once. */
export function GroupList() {
  const { t } = useTranslation(["people", "kit"]);
  const client = useQueryClient();
  const administrator = administersPortal(useQuery(me).data);
  const list = useListSearch();
  const { search, change } = list;
  const columns = useColumns();
  const [asked, setAsked] = useState<Asked>();
  const query = {
    q: search.q,
    orderBy: search.sort ?? DEFAULT_SORT,
    pageSize: search.size ?? PAGE_SIZES[0],
    pageToken: search.page,
  };
  const groups = useQuery({ ...listOf("groups", query), placeholderData: keepPreviousData });
  const edit = (group?: Group) => administrator && setAsked({ what: "edit", group });
  const add = administrator && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => edit()}>
      {t("group.add")}
    </Button>
  );
  return (
    <>
      <ListPage
        title={t("group.all")}
        action={add}
        filters={
          <FilterBar>
            <SearchBox
              label={t("group.search")}
              value={search.q ?? ""}
              onChange={(q) => change({ q: q || undefined })}
            />
          </FilterBar>
        }
        query={groups}
        list={list}
        filtered={Boolean(search.q)}
        onClear={() => change({ q: undefined })}
        nothingYet={<NothingYet title={t("group.nothing")} text={t("group.nothingText")} action={add} />}
      >
        {(page) => (
          <EntityTable
            label={t("group.all")}
            records={page.records}
            columns={columns}
            titleOf={({ title }) => title}
            card={({ title, members }) => (
              <>
                <Text fw={500}>{title}</Text>
                <Text size="sm" className="quiet">
                  {t("kit:people.members", { count: members.length })}
                </Text>
              </>
            )}
            menu={
              administrator
                ? (group) => (
                    <>
                      <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => edit(group)}>
                        {t("edit")}
                      </Menu.Item>
                      <Menu.Item
                        className="danger"
                        leftSection={<IconTrash size={16} />}
                        onClick={() => setAsked({ what: "delete", group })}
                      >
                        {t("group.delete")}
                      </Menu.Item>
                    </>
                  )
                : undefined
            }
            sort={search.sort ?? DEFAULT_SORT}
            onSort={(sort) => change({ sort: sort === DEFAULT_SORT ? undefined : sort })}
            onOpen={edit}
            onEdit={edit}
            fetching={groups.isPlaceholderData}
          />
        )}
      </ListPage>
      {asked?.what === "edit" && (
        <GroupDialog
          group={asked.group}
          onClose={() => setAsked(undefined)}
          onDone={(group) => {
            setAsked(undefined);
            client.setQueryData(keys.one(group.name), group);
            for (const collection of ["groups", "users"])
              void client.invalidateQueries({ queryKey: keys.lists(collection) });
            tell(t("group.saved", { title: group.title }));
          }}
        />
      )}
      {asked?.what === "delete" && asked.group && (
        <DeleteDialog
          record={asked.group}
          title={t("group.deleteTitle", { title: asked.group.title })}
          consequence={t("group.consequence")}
          done={t("group.deleted", { title: asked.group.title })}
          remove={deleteGroup}
          fetchLatest={(name) => client.fetchQuery({ ...groupNamed(name), staleTime: 0 })}
          onDone={() => setAsked(undefined)}
          onClose={() => setAsked(undefined)}
        />
      )}
    </>
  );
}
