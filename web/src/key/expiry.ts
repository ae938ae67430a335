// When a new key ends, as people say it.
const DAY = 86_400_000;

export const EXPIRIES = [
  { value: 'never', label: 'Never' },
  { value: '7', label: 'In 7 days' },
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
] as const;

export type Expiry = (typeof EXPIRIES)[number]['value'];

/** The moment for the API; none for a key without an end. */
export const expiryOf = (expiry: Expiry, now: number): string | null =>
  expiry === 'never' ? null : new Date(now + Number(expiry) * DAY).toISOString();
