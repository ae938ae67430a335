// How a quota stands: which one is fullest, whether it runs low, and when it ends or starts again.
import type { Usage } from '../api/nouns';
import { figure } from '../ui/format';
import { dayAndClock, spanWords } from '../ui/time';

/** Above this share of a quota people want to know. */
const LOW_SHARE = 0.8;

/** The part used, 0 to 1; a limit of nothing is full. */
export const shareUsed = ({ used, limit }: Usage) => (limit === 0 ? 1 : used / limit);

/** The quota that stops calls first: one that runs out before its reset, else the one with the largest share used. */
export function fullest(quotas: readonly Usage[]): Usage | null {
  const rank = (usage: Usage) => (usage.runs_out_at === null ? 0 : 1) + shareUsed(usage);
  return quotas.reduce<Usage | null>((first, usage) => (first === null || rank(usage) > rank(first) ? usage : first), null);
}

export const isLow = (usage: Usage) => usage.runs_out_at !== null || shareUsed(usage) > LOW_SHARE;

/** Calls are denied: the quota is used up, and nothing is left beyond it. */
export const isUsedUp = ({ used, limit, overage }: Usage) =>
  used >= limit && (overage === null || (overage.limit !== null && overage.used >= overage.limit));

/** What a plan that goes on has given beyond the quota: 12 of 500 beyond, 12 beyond. */
export function beyondWords({ overage }: Usage): string | null {
  if (overage === null) return null;
  return overage.limit === null ? `${figure(overage.used)} beyond` : `${figure(overage.used)} of ${figure(overage.limit)} beyond`;
}

/** used up, 12 of 500 beyond, ends 22:32, 13 days left */
export function untilReset(usage: Usage, now: number): string {
  if (usage.used >= usage.limit) return isUsedUp(usage) ? 'used up' : (beyondWords(usage) ?? '');
  if (usage.runs_out_at !== null) return `ends ${dayAndClock(usage.runs_out_at, now)}`;
  if (usage.period === 'lifetime') return 'no reset';
  return `${spanWords(Math.max(0, Date.parse(usage.window_end) - now))} left`;
}
