/** How large a file is, for a reader: `12 kB`, `3.4 MB`. */
export function formatSize(bytes: number, language: string) {
  const [unit, value] =
    bytes < 1_000_000 ? (["kilobyte", bytes / 1000] as const) : (["megabyte", bytes / 1e6] as const);
  const digits = value < 10 && unit === "megabyte" ? 1 : 0;
  const rounded = unit === "kilobyte" ? Math.max(1, value) : value;
  return new Intl.NumberFormat(language, { style: "unit", unit, maximumFractionDigits: digits }).format(rounded);
}
