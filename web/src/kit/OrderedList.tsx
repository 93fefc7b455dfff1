import { ActionIcon, Group } from "@mantine/core";
import { IconChevronDown, IconChevronUp, IconGripVertical } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import classes from "./OrderedList.module.css";

type Item = { name: string };

type Props<T extends Item> = {
  label: string;
  items: T[];
  titleOf: (item: T) => string;
  onOrder: (names: string[]) => void;
  children: (item: T) => ReactNode;
};

/** The list with the item at one place moved to another. */
function moved<T>(items: T[], from: number, to: number) {
  const rest = items.filter((_, index) => index !== from);
  return [...rest.slice(0, to), ...items.slice(from, from + 1), ...rest.slice(to)];
}

/** A list in an order of one's own: dragged by the mouse, moved by buttons. */
export function OrderedList<T extends Item>({ label, items, titleOf, onOrder, children }: Props<T>) {
  const { t } = useTranslation("kit");
  const [dragged, setDragged] = useState<number>();
  const [over, setOver] = useState<number>();
  const move = (from: number, to: number) => {
    if (from !== to) onOrder(moved(items, from, to).map(({ name }) => name));
  };
  const drop = (to: number) => {
    if (dragged !== undefined) move(dragged, to);
    setDragged(undefined);
    setOver(undefined);
  };
  return (
    <ol className={classes.list} aria-label={label}>
      {items.map((item, index) => (
        <li
          key={item.name}
          className={classes.item}
          data-over={(over === index && dragged !== index) || undefined}
          draggable
          onDragStart={() => setDragged(index)}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(index);
          }}
          onDragEnd={() => drop(dragged ?? index)}
          onDrop={() => drop(index)}
        >
          <IconGripVertical size={16} className={classes.grip} aria-hidden />
          <div className={classes.body}>{children(item)}</div>
          <Group gap={0} wrap="nowrap">
            <ActionIcon
              variant="subtle"
              color="gray"
              disabled={index === 0}
              aria-label={t("order.up", { title: titleOf(item) })}
              onClick={() => move(index, index - 1)}
            >
              <IconChevronUp size={17} />
            </ActionIcon>
            <ActionIcon
              variant="subtle"
              color="gray"
              disabled={index === items.length - 1}
              aria-label={t("order.down", { title: titleOf(item) })}
              onClick={() => move(index, index + 1)}
            >
              <IconChevronDown size={17} />
            </ActionIcon>
          </Group>
        </li>
      ))}
    </ol>
  );
}
