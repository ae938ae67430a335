// A cap as it stands in a form, and as the API takes it.
import type { Cap, Metric, Usage } from '../api/nouns';

export type CapFields = { cap_limit: number | string; cap_metric: Metric; cap_period: Cap['period'] };

export const noCap: CapFields = { cap_limit: '', cap_metric: 'requests', cap_period: 'day' };

/** An empty figure is no cap. */
export function capOf({ cap_limit, cap_metric, cap_period }: CapFields): Cap | null {
  return cap_limit === '' ? null : { limit: Number(cap_limit), metric: cap_metric, period: cap_period };
}

export function fieldsOf(usage: Usage | null): CapFields {
  if (usage === null) return noCap;
  const period = usage.period === 'day' || usage.period === 'month' ? usage.period : 'cycle';
  return { cap_limit: usage.limit, cap_metric: usage.metric, cap_period: period };
}
