// The log as it was read so far, page after page, and how newer rows join it.
import type { RequestRow } from '../api/nouns';

export type CallPage = { requests: RequestRow[]; next: string | null; scope: 'own' | 'account' };
export type CallPages = { pages: CallPage[]; pageParams: (string | null)[] };

/** How many rows may be gathered on top before the list starts again from the newest page. */
const GATHER_LIMIT = 2_000;

/**
 * The pages with the newest page worked in: rows that are there already are brought up to date, newer ones come on top.
 * Where the two do not touch, rows between them are unknown; then the newest page alone is the list, and its cursor
 * leads on from there.
 */
export function mergeNewest(old: CallPages, newest: CallPage): CallPages {
  const [first, ...rest] = old.pages;
  if (!first || first.requests.length === 0) return start(newest);
  const known = new Set(old.pages.flatMap((page) => page.requests.map((call) => call.row)));
  const fresh = newest.requests.filter((call) => !known.has(call.row));
  const touches = fresh.length < newest.requests.length || newest.next === null;
  if (!touches || first.requests.length + fresh.length > GATHER_LIMIT) return start(newest);
  const now = new Map(newest.requests.map((call) => [call.row, call]));
  const update = (page: CallPage) => ({ ...page, requests: page.requests.map((call) => now.get(call.row) ?? call) });
  const head = update(first);
  return { ...old, pages: [{ ...head, requests: [...fresh, ...head.requests] }, ...rest.map(update)] };
}

const start = (newest: CallPage): CallPages => ({ pages: [newest], pageParams: [null] });
