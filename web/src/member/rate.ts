// Rates of a member as they stand in a form, and as the API takes them.
import type { Member, Metric, Rate } from '../api/nouns';

export type RateLine = { id: number; limit: number | string; metric: Metric; per: Rate['per'] };
export type RateFields = { rates: RateLine[] };

const ALL = (['requests', 'credits'] as const).flatMap((metric) => (['second', 'minute'] as const).map((per) => ({ metric, per })));

/** One rate for each metric and span. */
export const MOST_RATES = ALL.length;

export const rateLinesOf = (rates: Member['rates']): RateLine[] => rates.map(({ limit, metric, per }, id) => ({ id, limit, metric, per }));

/** An empty figure is no rate. */
export const ratesOf = (lines: readonly RateLine[]): Rate[] =>
  lines.filter(({ limit }) => limit !== '').map(({ limit, metric, per }) => ({ limit: Number(limit), metric, per }));

/** Another line, of the first metric and span that has none yet. */
export function anotherRate(lines: readonly RateLine[]): RateLine {
  const free = ALL.find(({ metric, per }) => !lines.some((line) => line.metric === metric && line.per === per)) ?? ALL[0]!;
  return { id: Math.max(-1, ...lines.map(({ id }) => id)) + 1, limit: '', ...free };
}
