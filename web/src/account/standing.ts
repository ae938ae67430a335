// How things stand, in one sentence: what runs out first, else what is denied, else that all is well.
import type { Stats, Subscription } from '../api/nouns';
import { percent } from '../ui/format';
import { fullest, shareUsed } from './usage';

/** From this share of denied calls on, the sentence speaks of them. */
const MANY_DENIED = 0.05;
const MANY_FAILED = 0.05;

export function standing(
  subscriptions: readonly Subscription[],
  stats: Pick<Stats, 'totals' | 'scope'> | undefined,
): string {
  if (subscriptions.length === 0) return 'This account has no subscription yet. The operator gives it one.';
  const told: string[] = [];
  const worst = (test: (subscription: Subscription) => boolean) =>
    subscriptions.filter(test).map(({ api_title }) => api_title);
  const out = worst(({ quotas }) => quotas.some((usage) => shareUsed(usage) >= 1));
  const soon = worst(
    ({ quotas }) =>
      quotas.some((usage) => shareUsed(usage) < 1 && usage.runs_out_at !== null) &&
      !quotas.some((usage) => shareUsed(usage) >= 1),
  );
  if (out.length > 0)
    told.push(
      `${list(out)} ${out.length === 1 ? 'is' : 'are'} used up until ${out.length === 1 ? 'its' : 'their'} reset.`,
    );
  if (soon.length > 0) told.push(`${list(soon)} will run out before ${soon.length === 1 ? 'its' : 'their'} reset.`);
  const totals = stats?.totals;
  if (totals && totals.calls > 0 && totals.denied / totals.calls >= MANY_DENIED)
    told.push(`${percent(totals.denied, totals.calls)} of ${stats.scope === 'own' ? 'your' : 'the'} calls are denied.`);
  if (totals && totals.calls > 0 && totals.failed / totals.calls >= MANY_FAILED)
    told.push(`${percent(totals.failed, totals.calls)} fail upstream.`);
  if (told.length > 0)
    return [...told, subscriptions.length > out.length + soon.length ? 'Everything else is well.' : '']
      .join(' ')
      .trim();
  if (totals?.calls === 0) return 'No calls in this time. All quotas are open.';
  const first = fullest(subscriptions.flatMap(({ quotas }) => quotas));
  return first ? `All is well: the fullest quota stands at ${percent(first.used, first.limit)}.` : 'All is well.';
}

const list = (names: string[]) =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
