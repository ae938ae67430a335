// What differs between versions is told line by line.
import { expect, test } from 'vitest';
import { linesOf } from './version';

const list = (mode: string, ...values: string[]) => ({
  mode,
  locked: false,
  entries: values.map((value) => ({ value, note: null, until: null })),
});

test.each([
  ['name', 'Old', 'New', ['Old'], ['New']],
  ['apis', [], ['chain'], ['all'], ['chain']],
  ['metadata', { team: 'A', cost: '7' }, { team: 'B', cost: '7' }, ['team = A'], ['team = B']],
  ['addresses', list('off'), list('enforce', '10.0.0.1'), ['mode: off'], ['mode: enforce', '10.0.0.1']],
  ['quotas', [], [{ metric: 'requests', period: 'day', limit: 1 }], [], ['1 request per day']],
  ['rates', [{ metric: 'credits', per: 'second', limit: 20 }], [], ['20 credits a second'], []],
  ['enabled', true, false, ['yes'], ['no']],
  ['expires_at', null, null, [], []],
])('%s', (field, before, after, gone, added) => {
  expect(linesOf({ field, before, after })).toEqual({ field, gone, added });
});
