// Caps go through the form unchanged, an empty one is none, and the one that stops first is shown.
import { expect, test } from 'vitest';
import type { Member } from '../api/nouns';
import { anotherLine, capsOf, linesOf, MOST_CAPS, periodsOf, tightest, type CapLine } from './cap';

const cap = (period: string, limit: number, used: number): Member['caps'][number] => ({
  metric: 'credits',
  period,
  limit,
  usage: {
    scope: 'member',
    metric: 'credits',
    period,
    window_start: '2026-11-22T00:00:00Z',
    window_end: '2026-11-23T00:00:00Z',
    limit,
    used,
    overage: null,
    runs_out_at: null,
  },
});

test.each(['day', 'month', 'cycle', '30 days'])('%s', (period) => {
  const lines = linesOf([cap(period, 500, 3)]);
  expect(capsOf(lines)).toEqual([{ metric: 'credits', period, limit: 500 }]);
  expect(periodsOf(lines[0]!).map(({ value }) => value)).toContain(period);
});

test('an empty figure is no cap', () => {
  expect(capsOf(linesOf([]))).toEqual([]);
  expect(capsOf([anotherLine([])])).toEqual([]);
});

test('another line is of what has no cap yet', () => {
  const lines: CapLine[] = [];
  for (let i = 0; i < MOST_CAPS; i += 1) lines.push(anotherLine(lines));
  expect(new Set(lines.map(({ metric, period }) => `${metric} ${period}`)).size).toBe(MOST_CAPS);
  expect(new Set(lines.map(({ id }) => id)).size).toBe(MOST_CAPS);
});

test('the tightest is the one with the smallest share left', () => {
  expect(tightest([])).toBeNull();
  expect(tightest([cap('day', 100, 10), cap('month', 1_000, 900)])?.period).toBe('month');
});
