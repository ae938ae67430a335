// The overview's first sentence tells the worst first and never cries wolf.
import { expect, test } from 'vitest';
import type { Subscription } from '../api/nouns';
import { standing } from './standing';

const subscription = (api_title: string, used: number, runs_out_at: string | null = null) =>
  ({ api_title, quotas: [{ used, limit: 100, runs_out_at }] }) as Subscription;
const totals = (calls: number, denied = 0, failed = 0) =>
  ({ scope: 'account', totals: { calls, denied, failed } }) as Parameters<typeof standing>[1];
const soon = '2026-11-21T22:00:00Z';

test.each([
  ['no subscription', [], totals(0), 'This account has no subscription yet. The operator gives it one.'],
  ['quiet', [subscription('A', 0)], totals(0), 'No calls in this time. All quotas are open.'],
  [
    'well',
    [subscription('A', 84), subscription('B', 12)],
    totals(10),
    'All is well: the fullest quota stands at 84 %.',
  ],
  [
    'one runs out',
    [subscription('A', 84, soon), subscription('B', 1)],
    totals(10),
    'A will run out before its reset. Everything else is well.',
  ],
  [
    'two run out',
    [subscription('A', 84, soon), subscription('B', 80, soon)],
    totals(10),
    'A and B will run out before their reset.',
  ],
  [
    'one is used up',
    [subscription('A', 100, soon), subscription('B', 80, soon)],
    totals(10),
    'A is used up until its reset. B will run out before its reset.',
  ],
  ['many denials', [subscription('A', 1)], totals(100, 20), '20 % of the calls are denied. Everything else is well.'],
  ['few denials', [subscription('A', 1)], totals(100, 4), 'All is well: the fullest quota stands at 1.0 %.'],
  ['not counted yet', [subscription('A', 1)], undefined, 'All is well: the fullest quota stands at 1.0 %.'],
])('%s', (_, subscriptions, stats, sentence) => expect(standing(subscriptions, stats)).toBe(sentence));
