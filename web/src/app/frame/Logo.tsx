/** A bowl with steam. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 28 28" aria-hidden="true">
      <rect width="28" height="28" rx="8" fill="var(--accent)" />
      <path d="M6.5 13.5h15c0 4-3 7-7.5 7s-7.5-3-7.5-7Z" fill="var(--on-accent)" />
      <path d="M9.3 10.2c0-1.5 1.3-1.4 1.3-2.9M13.3 10.2c0-1.5 1.3-1.4 1.3-2.9M17.3 10.2c0-1.5 1.3-1.4 1.3-2.9" stroke="var(--on-accent)" strokeWidth="1.5" strokeLinecap="round" fill="none" />
    </svg>
  );
}
