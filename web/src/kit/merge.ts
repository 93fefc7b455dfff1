/** A field that somebody else changed since we read the record. */
export type Difference<Field> = { field: Field; theirs: unknown; mine: unknown; contested: boolean };

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** The fields of `mine` that differ from what was read. */
export function changedFields<T extends object>(base: T, mine: T, fields: (keyof T)[]): (keyof T)[] {
  return fields.filter((field) => !same(base[field], mine[field]));
}

/** What somebody else changed meanwhile; contested where we changed it too, to something else. */
export function differences<T extends object>(base: T, mine: T, theirs: T, fields: (keyof T)[]) {
  return changedFields(base, theirs, fields).map((field): Difference<keyof T> => ({
    field,
    theirs: theirs[field],
    mine: mine[field],
    contested: !same(mine[field], base[field]) && !same(mine[field], theirs[field]),
  }));
}

/** Our version brought up to date: theirs wherever we changed nothing or gave way, ours elsewhere. */
export function merged<T extends object>(base: T, mine: T, theirs: T, fields: (keyof T)[], gaveWay: (keyof T)[]): T {
  const result = { ...mine };
  for (const { field, contested } of differences(base, mine, theirs, fields))
    if (!contested || gaveWay.includes(field)) result[field] = theirs[field];
  return result;
}
