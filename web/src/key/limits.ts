// The limits of a key while one changes them: lines of a form, and as the API takes them.
import type { KeyLimits, LimitsAsked, Metric } from '../api/nouns';
import { mergedLines } from '../ui/merge';

/** `days` stands for any number of them; the line's field `days` says how many. */
export type Span = 'day' | 'month' | 'cycle' | 'days' | 'lifetime';
export type QuotaLine = { id: number; limit: number | string; metric: Metric; span: Span; days: number | string };
export type RateLine = { id: number; limit: number | string; metric: Metric; per: 'second' | 'minute' };
export type LimitDraft = { quotas: QuotaLine[]; rates: RateLine[] };
/** What is wrong with one input of one line. */
export type LimitFlaw = { part: 'quotas' | 'rates'; place: number; input: 'limit' | 'span'; detail: string };

/** Quotas of one key, as the API allows. */
export const QUOTA_LIMIT = 8;
/** A metric and a span stand once: two of each. */
export const RATE_LIMIT = 4;

export const SPANS: { value: Span; label: string }[] = [
  { value: 'day', label: 'a day' },
  { value: 'month', label: 'a month' },
  { value: 'cycle', label: 'a cycle' },
  { value: 'days', label: 'in … days' },
  { value: 'lifetime', label: 'in all' },
];

const asSpan = (period: string): Pick<QuotaLine, 'span' | 'days'> => {
  const days = /^(\d+) days$/.exec(period)?.[1];
  return days ? { span: 'days', days: Number(days) } : { span: period as Span, days: 30 };
};

export const periodOf = ({ span, days }: Pick<QuotaLine, 'span' | 'days'>) => (span === 'days' ? `${days} days` : span);

export const draftOf = ({ quotas, rates }: KeyLimits): LimitDraft => ({
  quotas: quotas.map(({ limit, metric, period }, id) => ({ id, limit, metric, ...asSpan(period) })),
  rates: rates.map(({ limit, metric, per }, id) => ({ id, limit, metric, per })),
});

export const askedOf = ({ quotas, rates }: LimitDraft): LimitsAsked => ({
  quotas: quotas.map((line) => ({ limit: Number(line.limit), metric: line.metric, period: periodOf(line) })),
  rates: rates.map(({ limit, metric, per }) => ({ limit: Number(limit), metric, per })),
});

/** Somebody's draft on top of what the limits are now: lines are the same by what they count. */
export function onTop(base: LimitDraft, mine: LimitDraft, theirs: LimitDraft): LimitDraft {
  // Numbers of lines tell two new ones of the same sort apart; between drafts they mean nothing.
  const bare = <Line extends { id: number }>(lines: readonly Line[]) => lines.map((line) => ({ ...line, id: 0 }));
  const numbered = <Line extends { id: number }>(lines: readonly Line[]) => lines.map((line, id) => ({ ...line, id }));
  const quotaName = (line: QuotaLine) => `${line.metric} ${periodOf(line)}`;
  const rateName = ({ metric, per }: RateLine) => `${metric} ${per}`;
  return {
    quotas: numbered(mergedLines(bare(base.quotas), bare(mine.quotas), bare(theirs.quotas), quotaName)),
    rates: numbered(mergedLines(bare(base.rates), bare(mine.rates), bare(theirs.rates), rateName)),
  };
}

/** How many lines differ from what holds; one that is gone counts too. */
export function changesIn(saved: KeyLimits, draft: LimitDraft): number {
  const lines = ({ quotas, rates }: LimitsAsked) => [...quotas, ...rates].map((line) => JSON.stringify(line));
  const before = lines(askedOf(draftOf(saved)));
  const after = lines(askedOf(draft));
  const added = after.filter((line) => !before.includes(line)).length;
  return Math.max(added, before.filter((line) => !after.includes(line)).length, added === 0 ? after.length - before.length : 0);
}

const nextId = (lines: readonly { id: number }[]) => Math.max(-1, ...lines.map(({ id }) => id)) + 1;

/** Another quota, of the first metric and span that has none yet. */
export function addQuota(draft: LimitDraft): LimitDraft {
  const taken = new Set(draft.quotas.map((line) => `${line.metric} ${periodOf(line)}`));
  const free = (['requests', 'credits'] as const)
    .flatMap((metric) => SPANS.map(({ value }) => ({ metric, span: value, days: 30 })))
    .find((line) => !taken.has(`${line.metric} ${periodOf(line)}`));
  const line = free ?? { metric: 'requests' as const, span: 'days' as const, days: 7 };
  return { ...draft, quotas: [...draft.quotas, { id: nextId(draft.quotas), limit: '', ...line }] };
}

/** Another rate, of the first metric and span that has none yet. */
export function addRate(draft: LimitDraft): LimitDraft {
  const taken = new Set(draft.rates.map(({ metric, per }) => `${metric} ${per}`));
  const free = (['requests', 'credits'] as const)
    .flatMap((metric) => (['second', 'minute'] as const).map((per) => ({ metric, per })))
    .find(({ metric, per }) => !taken.has(`${metric} ${per}`));
  return free ? { ...draft, rates: [...draft.rates, { id: nextId(draft.rates), limit: '', ...free }] } : draft;
}

export const replaced = <Line>(lines: readonly Line[], place: number, line: Line) =>
  lines.map((old, i) => (i === place ? line : old));

export const without = <Line>(lines: readonly Line[], place: number) => lines.filter((_, i) => i !== place);

/** The first line that cannot be sent; the API has the last word. */
export function flawIn({ quotas, rates }: LimitDraft): LimitFlaw | null {
  const detail = 'Write a figure of 1 or more, or take the line away';
  for (const [part, lines] of [['quotas', quotas], ['rates', rates]] as const) {
    const place = lines.findIndex(({ limit }) => limit === '' || Number(limit) < 1);
    if (place >= 0) return { part, place, input: 'limit', detail };
  }
  const place = quotas.findIndex(({ span, days }) => span === 'days' && (days === '' || Number(days) < 1));
  return place < 0 ? null : { part: 'quotas', place, input: 'span', detail: 'Write how many days' };
}

/** The input that a refusal names, as in `quotas[2].period`. */
export function flawOf(field: string | null | undefined, detail: string): LimitFlaw | null {
  const found = /^(quotas|rates)\[(\d+)\]\.?(\w*)/.exec(field ?? '');
  if (!found) return null;
  const input = found[3] === 'period' || found[3] === 'per' ? 'span' : 'limit';
  return { part: found[1] as LimitFlaw['part'], place: Number(found[2]), input, detail };
}
