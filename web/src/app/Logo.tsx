/** The mark of the product: an R whose stem starts from a point, as every acquaintance does. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#2f5d8a" />
      <path
        d="M10 23V9h7.2a4.6 4.6 0 0 1 1.6 8.9L22.6 23"
        fill="none"
        stroke="#fff"
        strokeWidth="2.8"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <circle cx="10" cy="23" r="2.6" fill="#f2b84b" />
    </svg>
  );
}
