// The filter survives the address bar, and nothing else gets into it.
import { describe, expect, test } from 'vitest';
import { filterSearch, isEmpty, parseFilter, toQuery, without } from './filter';

describe('parseFilter', () => {
  const cases: [string, Record<string, string | undefined>, object][] = [
    ['nothing', {}, {}],
    ['text', { member: 'mem_1', denial: 'rate_limited' }, { member: 'mem_1', denial: 'rate_limited' }],
    ['a range', { range: '7d' }, { range: '7d' }],
    ['a range that is none', { range: '8d' }, {}],
    ['empty and foreign words', { member: '', colour: 'red', method: undefined }, {}],
  ];
  test.each(cases)('%s', (_, search, filter) => expect(parseFilter(search)).toEqual(filter));
});

test('what is written is read again, and the filter before it is gone', () => {
  const filter = { member: 'mem_1', status: '429', range: '1h' } as const;
  const search = { account: 'acc_1', call: 'req_1', after: '2026-01-01T00:00:00Z', ...filterSearch(filter) };
  expect(parseFilter(search)).toEqual(filter);
  expect(search).toMatchObject({ account: 'acc_1', call: 'req_1' });
});

test('a range becomes a moment, unless moments are given', () => {
  const now = Date.parse('2026-11-21T19:40:00Z');
  expect(toQuery({ range: '1h', key: 'key_1' }, now)).toEqual({ key: 'key_1', after: '2026-11-21T18:40:00.000Z' });
  const span = { after: '2026-11-20T00:00:00Z', before: '2026-11-20T01:00:00Z' };
  expect(toQuery({ range: '1h', ...span }, now)).toEqual(span);
});

test('a span of time is taken off as a whole', () => {
  const filter = { after: 'a', before: 'b', key: 'key_1' };
  expect(without(filter, 'before')).toEqual({ key: 'key_1' });
  expect(without(filter, 'key')).toEqual({ after: 'a', before: 'b' });
  expect(isEmpty(without(without(filter, 'key'), 'after'))).toBe(true);
});
