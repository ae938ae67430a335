// Caps as they stand in a form, and as the API takes them.
import type { Cap, Member, Metric } from '../api/nouns';
import { perPeriod } from '../ui/format';

export type CapLine = { id: number; limit: number | string; metric: Metric; period: string };
export type CapFields = { caps: CapLine[] };

const METRICS = ['requests', 'credits'] as const;
const PERIODS = ['day', 'month', 'cycle'];

/** One cap for each metric and period: more lines cannot be sent. */
export const MOST_CAPS = METRICS.length * PERIODS.length;

/** The windows of a form; one that a command set is kept. */
export const periodsOf = (line: CapLine) =>
  (PERIODS.includes(line.period) ? PERIODS : [...PERIODS, line.period]).map((value) => ({ value, label: perPeriod(value) }));

export const linesOf = (caps: Member['caps']): CapLine[] => caps.map(({ limit, metric, period }, id) => ({ id, limit, metric, period }));

/** An empty figure is no cap. */
export const capsOf = (lines: readonly CapLine[]): Cap[] =>
  lines.filter(({ limit }) => limit !== '').map(({ limit, metric, period }) => ({ limit: Number(limit), metric, period }));

/** Another line, of the first metric and window that has none yet. */
export function anotherLine(lines: readonly CapLine[]): CapLine {
  const taken = new Set(lines.map(({ metric, period }) => `${metric} ${period}`));
  const free = METRICS.flatMap((metric) => PERIODS.map((period) => ({ metric, period })));
  const { metric, period } = free.find((line) => !taken.has(`${line.metric} ${line.period}`)) ?? free[0]!;
  return { id: Math.max(-1, ...lines.map(({ id }) => id)) + 1, limit: '', metric, period };
}

/** The cap that stops the member first. */
export function tightest(caps: Member['caps']): Member['caps'][number] | null {
  const left = ({ usage }: Member['caps'][number]) => (usage.limit === 0 ? 0 : 1 - usage.used / usage.limit);
  return caps.reduce<Member['caps'][number] | null>((first, cap) => (first === null || left(cap) < left(first) ? cap : first), null);
}
