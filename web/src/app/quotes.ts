/** Quotes in quotes are „others“, as in «Удалить ООО „Насосы“?»: what a record is called may have its own. */
export function nested(text: string) {
  let depth = 0;
  return text.replace(/[«»]/g, (sign) => {
    if (sign === "«") return depth++ > 0 ? "„" : sign;
    return depth > 0 && --depth > 0 ? "“" : sign;
  });
}

/** Has every text that is told quoted so. */
export const QUOTES = { type: "postProcessor", name: "quotes", process: nested } as const;
