// Versions of a key from the API, and their fields in words.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answer, client } from '../api/client';
import type { Difference } from '../api/nouns';
import { plural } from '../ui/format';
import { dayAndClock } from '../ui/time';

const PAGE = 20;

export const versionsQuery = (account: string, key: string) =>
  infiniteQueryOptions({
    queryKey: ['versions', account, key],
    queryFn: ({ pageParam }) =>
      answer(
        client.GET('/accounts/{account}/keys/{key}/versions', {
          params: { path: { account, key }, query: { limit: PAGE, before: pageParam ?? undefined } },
        }),
      ),
    initialPageParam: null as number | null,
    getNextPageParam: (last) => last.next,
    staleTime: 0,
  });

export const versionQuery = (account: string, key: string, version: number) =>
  queryOptions({
    queryKey: ['versions', account, key, version],
    queryFn: () =>
      answer(
        client.GET('/accounts/{account}/keys/{key}/versions/{version}', {
          params: { path: { account, key, version } },
        }),
      ),
    staleTime: 0,
  });

const WORDS: Record<string, string> = {
  name: 'Name',
  environment: 'Environment',
  apis: 'APIs',
  networks: 'Networks',
  expires_at: 'End',
  metadata: 'Metadata',
  addresses: 'Addresses',
  domains: 'Domains',
  methods: 'Methods',
  contracts: 'Contracts',
  quotas: 'Quotas',
  rates: 'Rates',
  secret_required: 'Secret required',
  enabled: 'Switched on',
};

export const fieldWord = (field: string) => WORDS[field] ?? field;

/** What was taken away and what was added of one field, a line each. */
export type Lines = { field: string; gone: string[]; added: string[] };

export function linesOf({ field, before, after }: Pick<Difference, 'field' | 'before' | 'after'>): Lines {
  const [was, is] = [linesOfValue(field, before), linesOfValue(field, after)];
  return { field, gone: was.filter((line) => !is.includes(line)), added: is.filter((line) => !was.includes(line)) };
}

type List = { mode: string; locked: boolean; entries: { value: string; note: string | null; until: string | null }[] };
type Quota = { metric: string; period: string; limit: number };
type Rate = { metric: string; per: string; limit: number };

function linesOfValue(field: string, value: unknown): string[] {
  switch (field) {
    case 'apis':
    case 'networks': {
      const names = value as string[];
      return names.length === 0 ? ['all'] : names;
    }
    case 'metadata':
      return Object.entries(value as Record<string, string>).map(([name, text]) => `${name} = ${text}`);
    case 'addresses':
    case 'domains':
    case 'methods':
    case 'contracts':
      return listLines(value as List);
    case 'quotas':
      return (value as Quota[]).map(({ metric, period, limit }) => `${plural(limit, metric.slice(0, -1))} per ${period}`);
    case 'rates':
      return (value as Rate[]).map(({ metric, per, limit }) => `${plural(limit, metric.slice(0, -1))} a ${per}`);
    case 'expires_at':
      return [value === null ? 'never' : dayAndClock(value as string, Date.now())];
    default:
      return [typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value)];
  }
}

const listLines = ({ mode, locked, entries }: List) => [
  `mode: ${mode}`,
  ...(locked ? ['locked'] : []),
  ...entries.map(({ value, note, until }) =>
    [value, note && `(${note})`, until && `until ${dayAndClock(until, Date.now())}`].filter(Boolean).join(' '),
  ),
];
