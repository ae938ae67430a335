// Limits come back as they were read, a change is counted once, and what cannot be sent is said at its input.
import { describe, expect, test } from 'vitest';
import type { KeyLimits } from '../api/nouns';
import { addQuota, addRate, askedOf, changesIn, draftOf, flawIn, flawOf, QUOTA_LIMIT, onTop } from './limits';

const quota = (metric: 'requests' | 'credits', period: string, limit: number) =>
  ({ metric, period, limit, usage: {} }) as KeyLimits['quotas'][number];

const saved: KeyLimits = {
  version: 7,
  quotas: [quota('requests', 'day', 500), quota('credits', '30 days', 9_000)],
  rates: [{ metric: 'requests', per: 'second', limit: 20 }],
};

describe('a draft', () => {
  const draft = draftOf(saved);
  test('says what was read', () => {
    expect(changesIn(saved, draft)).toBe(0);
    expect(askedOf(draft).quotas).toEqual([
      { metric: 'requests', period: 'day', limit: 500 },
      { metric: 'credits', period: '30 days', limit: 9_000 },
    ]);
    expect(askedOf(draft).rates).toEqual(saved.rates);
  });
  test('a changed line is one change', () => {
    const [first, second] = draft.quotas;
    expect(changesIn(saved, { ...draft, quotas: [{ ...first!, limit: 600 }, second!] })).toBe(1);
    expect(changesIn(saved, { ...draft, quotas: [first!, { ...second!, days: 31 }] })).toBe(1);
  });
  test('lines taken away and lines added are changes', () => {
    expect(changesIn(saved, { quotas: [], rates: [] })).toBe(3);
    expect(changesIn(saved, addRate(draft))).toBe(1);
  });
  test('a new quota is of something that has none', () => {
    let more = draft;
    for (let i = draft.quotas.length; i < QUOTA_LIMIT; i++) more = addQuota(more);
    const named = askedOf(more).quotas.map(({ metric, period }) => `${metric} ${period}`);
    expect(new Set(named).size).toBe(QUOTA_LIMIT);
    expect(new Set(more.quotas.map(({ id }) => id)).size).toBe(QUOTA_LIMIT);
  });
  test('there are four rates at most', () => {
    const four = addRate(addRate(addRate(draft)));
    expect(four.rates).toHaveLength(4);
    expect(addRate(four)).toBe(four);
  });
});

describe('a flaw', () => {
  const draft = draftOf(saved);
  test('a line without a figure', () => {
    expect(flawIn(draft)).toBeNull();
    expect(flawIn(addQuota(draft))).toMatchObject({ part: 'quotas', place: 2, input: 'limit' });
    expect(flawIn(addRate(draft))).toMatchObject({ part: 'rates', place: 1, input: 'limit' });
  });
  test.each([
    ['quotas[2].period', 'quotas', 2, 'span'],
    ['quotas[0].limit', 'quotas', 0, 'limit'],
    ['rates[1].per', 'rates', 1, 'span'],
    ['rates[1]', 'rates', 1, 'limit'],
  ])('%s', (field, part, place, input) => expect(flawOf(field, 'no')).toEqual({ part, place, input, detail: 'no' }));
  test.each([['apis'], [undefined], ['quotas']])('%s is no line', (field) => expect(flawOf(field, 'no')).toBeNull());
});

test('two who change limits: the second keeps what the first saved, and their own', () => {
  const line = (limit: number, span: 'day' | 'month') => ({ id: 0, limit, metric: 'requests' as const, span, days: 30 });
  const base = { quotas: [line(5, 'day')], rates: [] };
  const mine = { quotas: [line(5, 'day'), { ...line(9, 'month'), id: 1 }], rates: [] };
  const theirs = { quotas: [line(7, 'day')], rates: [] };
  expect(onTop(base, mine, theirs).quotas.map(({ limit, span }) => [limit, span])).toEqual([
    [7, 'day'],
    [9, 'month'],
  ]);
});
