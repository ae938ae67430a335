// Figures in words: exact with separators in text and tables, compact on axes and in narrow cells.
const exact = new Intl.NumberFormat('en-GB');
const short = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 });

/** 234,945 */
export const int = (figure: number) => exact.format(Math.round(figure));

/** 9.28M, 226k */
export const compact = (figure: number) => short.format(figure).replace('K', 'k');

/** Exact up to a million, compact beyond: large figures in a sentence. */
export const figure = (amount: number) => (amount < 1_000_000 ? int(amount) : compact(amount));

/** 84 %, 3.4 %, 0.94 % */
export function percent(part: number, whole: number): string {
  if (whole === 0) return '0 %';
  const share = (part / whole) * 100;
  const digits = share >= 10 || share === 0 ? 0 : share >= 1 ? 1 : 2;
  return `${share.toFixed(digits)} %`;
}

/** 0.1 ms, 77 ms, 10.2 s: from microseconds. */
export function took(micros: number): string {
  if (micros < 10_000) return `${(micros / 1_000).toFixed(micros < 100 ? 2 : 1)} ms`;
  if (micros < 10_000_000) return `${int(micros / 1_000)} ms`;
  return `${(micros / 1_000_000).toFixed(1)} s`;
}

/** 912 B, 14.2 kB, 1.1 MB */
export function bytes(count: number): string {
  if (count < 1_000) return `${int(count)} B`;
  return count < 1_000_000 ? `${(count / 1_000).toFixed(1)} kB` : `${(count / 1_000_000).toFixed(1)} MB`;
}

/** 1 member, 6 members */
export const plural = (count: number, one: string, many = `${one}s`) => `${int(count)} ${count === 1 ? one : many}`;

/** a day, a month, a cycle, in 30 days, in all: how a limit's window is said after its figure. */
export function perPeriod(period: string): string {
  if (period === 'lifetime') return 'in all';
  return /^\d/.test(period) ? `in ${period}` : `a ${period}`;
}

/** 20 requests a second, 600 credits a minute. */
export const rateWords = ({ limit, metric, per }: { limit: number; metric: string; per: string }) => `${int(limit)} ${metric} a ${per}`;
