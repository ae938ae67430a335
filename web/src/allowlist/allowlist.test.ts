// Lists change only by what one did, and are sent as the API takes them.
import { describe, expect, test } from 'vitest';
import {
  add,
  changesIn,
  draftOf,
  edit,
  endOf,
  lastDayOf,
  listOf,
  namedEntry,
  putBack,
  takeOff,
  onTop,
} from './allowlist';

const saved = {
  mode: 'off' as const,
  locked: false,
  entries: [
    { value: '10.0.0.1', note: 'office', until: null },
    { value: '10.0.0.2', note: null, until: null },
  ],
};
const asked = { mode: saved.mode, entries: saved.entries };

describe('draft', () => {
  const draft = draftOf(saved);
  test('as it was', () => {
    expect(changesIn(saved, draft)).toBe(0);
    expect(listOf(saved, draft)).toEqual(asked);
  });
  test('taken off, then put back', () => {
    const without = takeOff(draft, '10.0.0.1');
    expect(changesIn(saved, without)).toBe(1);
    expect(listOf(saved, without).entries.map(({ value }) => value)).toEqual(['10.0.0.2']);
    expect(listOf(saved, putBack(without, '10.0.0.1'))).toEqual(asked);
  });
  test('added, then taken off, leaves nothing', () =>
    expect(takeOff(add(draft, [{ value: '::1', note: null, until: null }]), '::1')).toEqual(draft));
  test('added again after it was taken off', () => {
    const again = add(takeOff(draft, '10.0.0.1'), [{ value: '10.0.0.1', note: 'home', until: null }]);
    expect(listOf(saved, again).entries[0]).toEqual({ value: '10.0.0.1', note: 'home', until: null });
    expect(changesIn(saved, again), 'its note is another').toBe(1);
  });
  test('another note or end is a change, the same is none', () => {
    const ending = edit(draft, { value: '10.0.0.2', note: null, until: '2031-01-01T00:00:00Z' });
    expect(changesIn(saved, ending)).toBe(1);
    expect(listOf(saved, ending).entries[1]?.until).toBe('2031-01-01T00:00:00Z');
    expect(edit(draft, saved.entries[0]!)).toEqual(draft);
    expect(changesIn(saved, takeOff(ending, '10.0.0.2')), 'changed and taken off is one').toBe(1);
  });
  test('mode and lock are changes, and only a turned lock is said', () => {
    expect(changesIn(saved, { ...draft, mode: 'observe' })).toBe(1);
    const locked = { ...draft, locked: true };
    expect(changesIn(saved, locked)).toBe(1);
    expect(listOf(saved, locked)).toEqual({ ...asked, locked: true });
    expect(listOf(saved, draft)).not.toHaveProperty('locked');
  });
});

test('an entry is good to the end of its last day, in the reader\'s zone', () => {
  const until = endOf('2026-02-28');
  expect(until).toBe(new Date(2026, 2, 1).toISOString());
  expect(lastDayOf(until)).toBe('2026-02-28');
  expect(endOf('')).toBeNull();
  expect(lastDayOf(null)).toBe('');
});

test.each([
  ['addresses.entries[3].value', { kind: 'addresses', place: 3 }],
  ['contracts.entries[0].note', { kind: 'contracts', place: 0 }],
  ['domains[0]', { kind: 'domains', place: 0 }],
  ['methods.entries', { kind: 'methods', place: null }],
  ['name', null],
  [undefined, null],
])('%s names its entry', (field, entry) => expect(namedEntry(field)).toEqual(entry));

test('two who change one list: the second keeps what the first saved, and their own', () => {
  const list = (mode: 'off' | 'enforce', ...values: string[]) =>
    draftOf({ mode, locked: false, entries: values.map((value) => ({ value, note: null, until: null })) });
  const base = list('off', 'a', 'b');
  const mine = takeOff(add(base, [{ value: 'c', note: 'mine', until: null }]), 'a');
  const top = onTop(base, mine, list('enforce', 'a', 'b', 'd'));
  expect(top.mode).toBe('enforce');
  const told = top.entries.map(({ value, isNew, isGone }) => [value, isNew, isGone]);
  expect(told).toEqual([
    ['b', false, false],
    ['d', false, false],
    ['c', true, false],
    ['a', false, true],
  ]);
});
