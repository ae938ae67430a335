// The run-out curve ends at the exact figure, starts at nothing and leads where the API says it does.
import { expect, test } from 'vitest';
import type { Usage } from '../api/nouns';
import { burnOf } from './burn';

const HOUR = 3_600_000;
const start = Date.parse('2026-11-21T00:00:00Z');
const at = (hour: number) => new Date(start + hour * HOUR).toISOString();
const usage = (used: number, runsOut: number | null): Usage => ({
  scope: 'account',
  metric: 'requests',
  period: 'day',
  window_start: at(0),
  window_end: at(24),
  limit: 100,
  used,
  overage: null,
  runs_out_at: runsOut === null ? null : at(runsOut),
});
const buckets = (amounts: number[], first = 0) => ({
  bucket_seconds: 3_600,
  buckets: amounts.map((requests, i) => ({
    start: at(first + i),
    allowed: requests,
    denied: 0,
    failed: 0,
    requests,
    credits: 0,
  })),
});

test('the past ends at what was used and starts at nothing', () => {
  const burn = burnOf(usage(60, null), buckets([10, 20, 30]), start + 3 * HOUR);
  expect(burn.past).toEqual([
    { at: start, used: 0 },
    { at: start + HOUR, used: 10 },
    { at: start + 2 * HOUR, used: 30 },
    { at: start + 3 * HOUR, used: 60 },
  ]);
});

test('calls of the window before do not count', () => {
  const burn = burnOf(usage(30, null), buckets([500, 10, 20], -1), start + 2 * HOUR);
  expect(burn.past.map((point) => point.used)).toEqual([0, 10, 30]);
});

test('a window that began before the buckets is joined to its start', () => {
  const burn = burnOf(usage(90, null), buckets([10, 10], 10), start + 12 * HOUR);
  expect(burn.past.map((point) => point.used)).toEqual([0, 70, 80, 90]);
});

test('the pace ahead goes through the moment the API names', () => {
  const burn = burnOf(usage(50, 15), buckets([50], 9), start + 10 * HOUR);
  expect(burn.runsOut).toBe(start + 15 * HOUR);
  expect(burn.atEnd).toBeCloseTo(50 + 14 * 10);
});

test('without one it is that of the last hour', () => {
  const burn = burnOf(usage(20, null), buckets([18, 2], 8), start + 10 * HOUR);
  expect(burn.atEnd).toBeCloseTo(20 + 14 * 2);
});

test('nothing used leads nowhere', () => {
  const burn = burnOf(usage(0, null), buckets([]), start + HOUR);
  expect(burn.past).toEqual([
    { at: start, used: 0 },
    { at: start + HOUR, used: 0 },
  ]);
  expect(burn.atEnd).toBe(0);
});
