// Of two changes to one thing, neither is lost.
import { expect, test } from 'vitest';
import { mergedFields, mergedLines } from './merge';

const lines = (text: string) => text.split(' ').filter(Boolean);
const nameOf = (line: string) => line.split('=')[0] ?? '';

test.each([
  ['a b', 'a b c', 'a b d', 'a b d c', 'both added'],
  ['a b', 'b', 'a b d', 'b d', 'I took one off, they added one'],
  ['a b', 'a b c', 'b', 'b c', 'they took one off, I added one'],
  ['a=1 b=1', 'a=2 b=1', 'a=1 b=3', 'a=2 b=3', 'each changed another'],
  ['a=1', 'a=2', 'a=3', 'a=2', 'both changed the same: mine stands, to be looked at'],
  ['a=1', 'a=2', '', 'a=2', 'they took off what I changed'],
  ['a=1', '', 'a=2', '', 'I took off what they changed'],
  ['a', 'a', 'a b', 'a b', 'only they changed something'],
  ['', 'c=1', 'c=2', 'c=1', 'both added the same'],
])('%s, mine %s, theirs %s', (base, mine, theirs, expected) => {
  expect(mergedLines(lines(base), lines(mine), lines(theirs), nameOf)).toEqual(lines(expected));
});

test('fields are looked at one by one', () => {
  const base = { name: 'Old', apis: ['a'], ends: null as string | null };
  const mine = { ...base, name: 'Mine' };
  const theirs = { ...base, apis: ['a', 'b'], ends: '2100-01-01' };
  expect(mergedFields(base, mine, theirs)).toEqual({ name: 'Mine', apis: ['a', 'b'], ends: '2100-01-01' });
});
