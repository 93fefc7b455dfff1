import { ActionIcon, Group, NativeSelect, Text } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { Page } from "../api/queries";
import classes from "./ListPage.module.css";
import { PAGE_SIZES, type ListPlace } from "./listSearch";

type Props = { page: Page<unknown>; list: ListPlace };

/** Where one is in a list, and the way forward and back. */
export function Pager({ page, list }: Props) {
  const { t, i18n } = useTranslation("kit");
  const size = list.search.size ?? PAGE_SIZES[0] ?? 25;
  const number = (value: number) => new Intl.NumberFormat(i18n.language).format(value);
  const from = list.pagesBefore === undefined ? undefined : list.pagesBefore * size + 1;
  const total = `${page.totalSizeEstimated ? "≈ " : ""}${number(page.totalSize)}`;
  return (
    <Group className={classes.pager} justify="space-between" wrap="nowrap">
      <Text size="sm" className="quiet numeric" role="status">
        {from === undefined
          ? t("pager.total", { total })
          : t("pager.range", { from: number(from), to: number(from + page.records.length - 1), total })}
      </Text>
      <Group gap="xs" wrap="nowrap">
        <NativeSelect
          size="xs"
          aria-label={t("pager.size")}
          data={PAGE_SIZES.map((value) => ({ value: String(value), label: t("pager.perPage", { size: value }) }))}
          value={String(size)}
          onChange={(event) => list.change({ size: Number(event.currentTarget.value) })}
        />
        <ActionIcon
          variant="default"
          aria-label={t("pager.previous")}
          disabled={!list.search.page}
          onClick={list.previous}
        >
          <IconChevronLeft size={16} />
        </ActionIcon>
        <ActionIcon
          variant="default"
          aria-label={t("pager.next")}
          disabled={!page.nextPageToken}
          onClick={() => list.next(page.nextPageToken)}
        >
          <IconChevronRight size={16} />
        </ActionIcon>
      </Group>
    </Group>
  );
}
