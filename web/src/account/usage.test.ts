// Which quota is shown first, and how it is said.
import { expect, test } from 'vitest';
import type { Usage } from '../api/nouns';
import { fullest, isLow, untilReset } from './usage';

const now = Date.parse('2026-11-22T12:00:00Z');

function quota(used: number, limit: number, part: Partial<Usage> = {}): Usage {
  const window = { window_start: '2026-11-22T00:00:00Z', window_end: '2026-11-24T13:00:00Z' };
  return { scope: 'account', metric: 'requests', period: 'day', ...window, limit, used, overage: null, runs_out_at: null, ...part };
}

const calm = quota(10, 100);
const nearlyFull = quota(90, 100);
const running = quota(20, 100, { runs_out_at: '2026-11-22T12:30:00Z' });

test.each([
  ['none', [], null],
  ['the larger share', [calm, nearlyFull], nearlyFull],
  ['the one that ends before its reset', [nearlyFull, running, calm], running],
])('%s', (_case, quotas, expected) => expect(fullest(quotas)).toBe(expected));

test.each([
  [calm, false, '2 days left'],
  [nearlyFull, true, '2 days left'],
  [quota(100, 100), true, 'used up'],
  [quota(0, 0), true, 'used up'],
  [quota(100, 100, { overage: { limit: 50, used: 7 } }), true, '7 of 50 beyond'],
  [quota(100, 100, { overage: { limit: 50, used: 50 } }), true, 'used up'],
  [quota(100, 100, { overage: { limit: null, used: 7 } }), true, '7 beyond'],
  [quota(10, 100, { overage: { limit: null, used: 0 } }), false, '2 days left'],
  [quota(1, 100, { period: 'lifetime' }), false, 'no reset'],
])('%o', (usage, low, words) => {
  expect(isLow(usage)).toBe(low);
  expect(untilReset(usage, now)).toBe(words);
});

test('the run-out clock names a time', () => expect(untilReset(running, now)).toMatch(/^ends .*\d\d:\d\d$/));
