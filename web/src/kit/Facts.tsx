import { Children, type ReactNode } from "react";

import classes from "./Facts.module.css";

/** A record's fields, one below the other; those without a value are left out. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className={classes.facts}>{children}</dl>;
}

export function Fact({ label, children }: { label: string; children: ReactNode }) {
  if (children === "" || Children.count(Children.toArray(children)) === 0) return null;
  return (
    <div className={classes.fact}>
      <dt className={classes.label}>{label}</dt>
      <dd className={classes.value}>{children}</dd>
    </div>
  );
}
