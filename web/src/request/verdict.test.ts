// Every way for a call to end has a word and a sign of its own.
import { expect, test } from 'vitest';
import { chargeOf, verdictOf, wordOf, type Verdict } from './verdict';

type Row = Parameters<typeof verdictOf>[0];
const cases: [Row, Verdict, string][] = [
  [{ state: 'closed', outcome: 'answered', denial: null }, 'allowed', 'Allowed'],
  [{ state: 'closed', outcome: 'denied', denial: 'rate_limited' }, 'denied', 'rate_limited'],
  [{ state: 'closed', outcome: 'failed', denial: null }, 'failed', 'Failed upstream'],
  [{ state: 'closed', outcome: 'failed', denial: 'upstream_timeout' }, 'failed', 'upstream_timeout'],
  [{ state: 'closed', outcome: 'abandoned', denial: null }, 'allowed', 'Caller left'],
  [{ state: 'open', outcome: null, denial: null }, 'open', 'Running'],
  [{ state: 'cut', outcome: 'abandoned', denial: null }, 'failed', 'Cut off'],
  [{ state: 'unknown', outcome: null, denial: null }, 'failed', 'Not known'],
];
test.each(cases)('%j', (row, verdict, word) => {
  expect(verdictOf(row)).toBe(verdict);
  expect(wordOf(row)).toBe(word);
});

test('a refund is taken off the charge', () => {
  expect(chargeOf({ requests: 1, credits: 25, refunded_requests: 1, refunded_credits: 5 })).toEqual({
    requests: 0,
    credits: 20,
  });
});
