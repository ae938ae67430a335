// Figures over a span of time: of the account, a member, a key or an API.
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, client } from '../api/client';
import { rangeLength, type Range } from '../ui/range';
import { clock, day, dayAndClock } from '../ui/time';

const EVERY_MS = 15_000;

export type StatsOf = { range: Range; member?: string; key?: string; api?: string };

export const statsQuery = (account: string, of: StatsOf) =>
  queryOptions({
    queryKey: ['stats', account, of],
    queryFn: () => answer(client.GET('/accounts/{account}/stats', { params: { path: { account }, query: of } })),
    placeholderData: keepPreviousData,
    refetchInterval: EVERY_MS,
  });

/** How moments are written under the bars of a range. */
export const wordIn = (range: Range, now: number) => (start: string) => {
  if (rangeLength(range) <= rangeLength('24h')) return clock(start);
  return range === '7d' ? dayAndClock(start, now) : day(start, now);
};

/** every minute, every half hour, every day: the length of a bar. */
export function everyWord(seconds: number): string {
  const words: Record<number, string> = { 60: 'minute', 1_800: 'half hour', 3_600: 'hour', 86_400: 'day' };
  if (words[seconds]) return `every ${words[seconds]}`;
  if (seconds % 3_600 === 0) return `every ${seconds / 3_600} hours`;
  return seconds % 60 === 0 ? `every ${seconds / 60} minutes` : `every ${seconds} seconds`;
}

/** The outcomes that a bar is stacked of. */
export const OUTCOME_SERIES = [
  { name: 'allowed', label: 'Allowed', color: 'var(--kw-allowed)' },
  { name: 'denied', label: 'Denied', color: 'var(--kw-denied)' },
  { name: 'failed', label: 'Failed upstream', color: 'var(--kw-failed)' },
] as const;
