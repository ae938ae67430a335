// Rates go through the form unchanged, an empty one is none, and no two lines are of the same.
import { expect, test } from 'vitest';
import type { Rate } from '../api/nouns';
import { anotherRate, MOST_RATES, rateLinesOf, ratesOf, type RateLine } from './rate';

const rate = (limit: number, per: Rate['per']): Rate => ({ metric: 'requests', per, limit });

test('what is set is what is sent', () => {
  const rates = [rate(600, 'minute'), rate(20, 'second')];
  expect(ratesOf(rateLinesOf(rates))).toEqual(rates);
});

test('an empty figure is no rate', () => {
  expect(ratesOf([anotherRate([])])).toEqual([]);
});

test('another line is of what has no rate yet', () => {
  const lines: RateLine[] = [];
  for (let i = 0; i < MOST_RATES; i += 1) lines.push(anotherRate(lines));
  expect(new Set(lines.map(({ metric, per }) => `${metric} ${per}`)).size).toBe(MOST_RATES);
  expect(new Set(lines.map(({ id }) => id)).size).toBe(MOST_RATES);
});
