// Which calls the log shows. The address bar holds it, so that a link shows another person the same rows.
import { isRange, rangeLength, type Range } from '../ui/range';
import type { Search } from '../ui/url';

/** Filters that the API takes as they are. */
export const FIELDS = [
  'member',
  'key',
  'api',
  'network',
  'method',
  'outcome',
  'denial',
  'observed',
  'status',
  'after',
  'before',
] as const;
export type Field = (typeof FIELDS)[number];

/** `range` counts back from now; `after` and `before` are moments and come before it. */
export type RequestFilter = Partial<Record<Field, string>> & { range?: Range };

/** The filter in an address; whatever is not one is left out. */
export function parseFilter(search: Search): RequestFilter {
  const filter: RequestFilter = {};
  for (const field of FIELDS) {
    if (search[field]) filter[field] = search[field];
  }
  if (isRange(search.range)) filter.range = search.range;
  return filter;
}

/** The change to an address that puts this filter in place of the one before; everything else in it stays. */
export function filterSearch(filter: RequestFilter): Search {
  const nothing: Search = Object.fromEntries([...FIELDS, 'range'].map((name) => [name, undefined]));
  return { ...nothing, ...filter };
}

/** What the API is asked for, at a moment. */
export function toQuery(filter: RequestFilter, now: number): Partial<Record<Field, string>> {
  const { range, ...query } = filter;
  if (!range || query.after || query.before) return query;
  return { ...query, after: new Date(now - rangeLength(range) * 1_000).toISOString() };
}

export const isEmpty = (filter: RequestFilter) => Object.values(filter).every((value) => value === undefined);

/** The same filter without one of its parts. A span of time goes as a whole. */
export function without(filter: RequestFilter, field: Field | 'range'): RequestFilter {
  const gone: string[] = field === 'after' || field === 'before' ? ['after', 'before'] : [field];
  return Object.fromEntries(Object.entries(filter).filter(([name]) => !gone.includes(name)));
}
