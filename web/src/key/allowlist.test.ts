// Lists change only by what one did, and pasted lines say what is wrong at their place.
import { describe, expect, test } from 'vitest';
import {
  add,
  changesIn,
  draftOf,
  listOf,
  namedEntry,
  problemOf,
  putBack,
  readLines,
  takeOff,
  type Kind,
} from './allowlist';

const saved = {
  mode: 'off' as const,
  entries: [
    { value: '10.0.0.1', note: 'office' },
    { value: '10.0.0.2', note: null },
  ],
};

describe('draft', () => {
  const draft = draftOf(saved);
  test('as it was', () => {
    expect(changesIn(saved, draft)).toBe(0);
    expect(listOf(draft)).toEqual(saved);
  });
  test('taken off, then put back', () => {
    const without = takeOff(draft, '10.0.0.1');
    expect(changesIn(saved, without)).toBe(1);
    expect(listOf(without).entries.map(({ value }) => value)).toEqual(['10.0.0.2']);
    expect(listOf(putBack(without, '10.0.0.1'))).toEqual(saved);
  });
  test('added, then taken off, leaves nothing', () =>
    expect(takeOff(add(draft, [{ value: '::1', note: null }]), '::1')).toEqual(draft));
  test('added again after it was taken off', () => {
    const again = add(takeOff(draft, '10.0.0.1'), [{ value: '10.0.0.1', note: 'home' }]);
    expect(listOf(again).entries[0]).toEqual({ value: '10.0.0.1', note: 'home' });
    expect(changesIn(saved, again)).toBe(0);
  });
  test('the mode is a change', () => expect(changesIn(saved, { ...draft, mode: 'enforce' })).toBe(1));
});

const right: [Kind, string][] = [
  ['addresses', '203.0.113.7'],
  ['addresses', '203.0.113.0/24'],
  ['addresses', '2001:db8::/48'],
  ['addresses', '::ffff:10.0.0.1'],
  ['domains', 'example.com'],
  ['domains', '*.example.com'],
  ['domains', 'localhost:8080'],
  ['domains', 'bücher.example'],
];
test.each(right)('%s: %s is right', (kind, value) => expect(problemOf(kind, value)).toBeNull());

const wrong: [Kind, string][] = [
  ['addresses', '203.0.113'],
  ['addresses', '203.0.113.256'],
  ['addresses', '010.0.0.1'],
  ['addresses', '10.0.0.0/33'],
  ['addresses', '1::2::3'],
  ['addresses', '10.0.0.0/8/8'],
  ['addresses', 'example.com'],
  ['domains', 'https://example.com'],
  ['domains', 'a.*.com'],
  ['domains', '-a.com'],
  ['domains', 'a..b'],
];
test.each(wrong)('%s: %s is wrong', (kind, value) => expect(problemOf(kind, value)).not.toBeNull());

test('pasted lines', () => {
  const text =
    '# office\n203.0.113.7\n203.0.113.8  Checkout, Frankfurt\n\n203.0.113.9,home\n203.0.113.10 # lab\n300.1.1.1 bad\n203.0.113.7\r\n';
  const { entries, problems } = readLines('addresses', text);
  expect(entries).toEqual([
    { value: '203.0.113.7', note: null },
    { value: '203.0.113.8', note: 'Checkout, Frankfurt' },
    { value: '203.0.113.9', note: 'home' },
    { value: '203.0.113.10', note: 'lab' },
  ]);
  expect(problems).toEqual([
    { line: 7, text: '300.1.1.1', problem: 'is no IPv4 or IPv6 address' },
    { line: 8, text: '203.0.113.7', problem: 'stands twice' },
  ]);
});

test.each([
  ['addresses.entries[3].value', { kind: 'addresses', place: 3 }],
  ['domains[0]', { kind: 'domains', place: 0 }],
  ['name', null],
  [undefined, null],
])('%s names its entry', (field, entry) => expect(namedEntry(field)).toEqual(entry));
