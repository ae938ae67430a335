// Which changes the trail shows. The address bar holds it, so that a link shows another person the same rows.
import { infiniteQueryOptions } from '@tanstack/react-query';
import { answer, client } from '../api/client';
import type { Search } from '../ui/url';

/** Filters that the API takes as they are. `by` is for an account's trail, `account` for the operators'. */
export const FIELDS = ['by', 'account', 'action', 'subject', 'since', 'until'] as const;
export type TrailField = (typeof FIELDS)[number];
export type TrailFilter = Partial<Record<TrailField, string>>;

/** Whose trail: an account's by its id, or null for what operators did. */
export type Whose = string | null;

const EVERY_MS = 15_000;

/** The filter in an address; `account` in the address of an account's page is the account in use and no filter. */
export function parseTrail(search: Search, whose: Whose): TrailFilter {
  const filter: TrailFilter = {};
  for (const field of FIELDS) {
    const isNotOurs = whose === null ? field === 'by' : field === 'account';
    if (!isNotOurs && search[field]) filter[field] = search[field];
  }
  return filter;
}

export const trailQuery = (whose: Whose, filter: TrailFilter) =>
  infiniteQueryOptions({
    queryKey: ['audit', whose ?? 'operator', filter],
    queryFn: ({ pageParam }) => {
      const { account, by, ...rest } = filter;
      const before = pageParam ?? undefined;
      return whose === null
        ? answer(client.GET('/operator/audit', { params: { query: { ...rest, account, before } } }))
        : answer(client.GET('/accounts/{account}/audit', { params: { path: { account: whose }, query: { ...rest, by, before } } }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    refetchInterval: EVERY_MS,
  });

/** Where the same rows are a file. */
export function fileOf(whose: Whose, filter: TrailFilter, format: 'csv' | 'jsonl'): string {
  const base = whose === null ? '/api/v1/operator/audit' : `/api/v1/accounts/${whose}/audit`;
  const query = new URLSearchParams(Object.entries(filter)).toString();
  return query === '' ? `${base}/${format}` : `${base}/${format}?${query}`;
}

/** What changes are about, by the word that their actions begin with. */
export const NOUNS = [
  { value: 'account', label: 'The account' },
  { value: 'subscription', label: 'Subscriptions' },
  { value: 'units', label: 'Extra units' },
  { value: 'member', label: 'Members' },
  { value: 'role', label: 'Roles' },
  { value: 'key', label: 'Keys' },
  { value: 'value', label: 'Values' },
  { value: 'secret', label: 'Secrets' },
  { value: 'allowlist', label: 'Allowlists' },
  { value: 'limit', label: 'Limits' },
  { value: 'person', label: 'Persons and sign-ins' },
  { value: 'log', label: 'Looks at the log' },
  { value: 'mail', label: 'Mails' },
] as const;
