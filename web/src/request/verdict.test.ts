// Every way for a call to end has a word and a sign of its own.
import { expect, test } from 'vitest';
import { chargeOf, listsOf, verdictOf, wordOf, type Verdict } from './verdict';

type Row = Parameters<typeof verdictOf>[0];
const cases: [Row, Verdict, string][] = [
  [{ state: 'closed', outcome: 'answered', denial: null, observed: [] }, 'allowed', 'Allowed'],
  [{ state: 'closed', outcome: 'answered', denial: null, observed: ['methods'] }, 'observed', 'Would be denied'],
  [{ state: 'closed', outcome: 'abandoned', denial: null, observed: ['methods'] }, 'observed', 'Caller left'],
  [{ state: 'closed', outcome: 'denied', denial: 'rate_limited', observed: ['methods'] }, 'denied', 'rate_limited'],
  [{ state: 'closed', outcome: 'failed', denial: null, observed: [] }, 'failed', 'Failed upstream'],
  [{ state: 'closed', outcome: 'failed', denial: 'upstream_timeout', observed: ['methods'] }, 'failed', 'upstream_timeout'],
  [{ state: 'closed', outcome: 'abandoned', denial: null, observed: [] }, 'allowed', 'Caller left'],
  [{ state: 'open', outcome: null, denial: null, observed: [] }, 'open', 'Running'],
  [{ state: 'cut', outcome: 'abandoned', denial: null, observed: [] }, 'failed', 'Cut off'],
  [{ state: 'unknown', outcome: null, denial: null, observed: [] }, 'failed', 'Not known'],
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

test.each([
  [['methods'], 'the list of methods'],
  [['addresses', 'methods'], 'the lists of addresses and methods'],
  [['addresses', 'domains', 'contracts'], 'the lists of addresses, domains and contracts'],
] as const)('%j', (observed, words) => expect(listsOf({ observed: [...observed] })).toBe(words));
