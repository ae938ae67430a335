// A cap goes through the form unchanged, and an empty one is none.
import { expect, test } from 'vitest';
import type { Usage } from '../api/nouns';
import { capOf, fieldsOf, noCap } from './cap';

const usage = (period: string): Usage => ({
  scope: 'member',
  metric: 'credits',
  period,
  window_start: '2026-11-22T00:00:00Z',
  window_end: '2026-11-23T00:00:00Z',
  limit: 500,
  used: 3,
  runs_out_at: null,
});

test.each(['day', 'month', 'cycle'])('%s', (period) => {
  expect(capOf(fieldsOf(usage(period)))).toEqual({ metric: 'credits', period, limit: 500 });
});

test('no cap', () => {
  expect(capOf(fieldsOf(null))).toBeNull();
  expect(capOf({ ...noCap, cap_limit: 20 })).toEqual({ metric: 'requests', period: 'day', limit: 20 });
});
