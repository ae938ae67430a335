// Entries are checked as they are typed, and pasted lines say what is wrong at their place.
import { expect, test } from 'vitest';
import type { Kind } from './allowlist';
import { inOneForm, problemOf, readLines } from './lines';

const USDT = '0xdac17f958d2ee523a2206206994597c13d831ec7';

const right: [Kind, string][] = [
  ['addresses', '203.0.113.7'],
  ['addresses', '203.0.113.0/24'],
  ['addresses', '2001:db8::/48'],
  ['addresses', '::ffff:10.0.0.1'],
  ['domains', 'example.com'],
  ['domains', '*.example.com'],
  ['domains', 'localhost:8080'],
  ['domains', 'https://app.example.com:8443'],
  ['domains', 'bücher.example'],
  ['methods', 'eth_call'],
  ['methods', 'eth_get*'],
  ['methods', '*'],
  ['methods', 'GET /fixtures/**'],
  ['methods', '/status'],
  ['contracts', USDT],
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
  ['domains', 'https://example.com/page'],
  ['domains', 'a.*.com'],
  ['domains', '-a.com'],
  ['domains', 'a..b'],
  ['methods', 'eth_*call'],
  ['methods', 'get /fixtures'],
  ['methods', 'GET fixtures'],
  ['contracts', '0x12'],
  ['contracts', USDT.slice(2)],
];
test.each(wrong)('%s: %s is wrong', (kind, value) => expect(problemOf(kind, value)).not.toBeNull());

test.each([
  ['domains', ' App.Example.com ', 'app.example.com'],
  ['contracts', USDT.replace('dac', 'DAC'), USDT],
  ['methods', 'GET   /Fixtures', 'GET /Fixtures'],
  ['addresses', ' 10.0.0.1', '10.0.0.1'],
] as [Kind, string, string][])('%s: %s has one form', (kind, text, form) => expect(inOneForm(kind, text)).toBe(form));

test('pasted lines', () => {
  const text =
    '# office\n203.0.113.7\n203.0.113.8  Checkout, Frankfurt\n\n203.0.113.9,home\n203.0.113.10 # lab\n300.1.1.1 bad\n203.0.113.7\r\n';
  const { entries, problems } = readLines('addresses', text);
  expect(entries).toEqual([
    { value: '203.0.113.7', note: null, until: null },
    { value: '203.0.113.8', note: 'Checkout, Frankfurt', until: null },
    { value: '203.0.113.9', note: 'home', until: null },
    { value: '203.0.113.10', note: 'lab', until: null },
  ]);
  expect(problems).toEqual([
    { line: 7, text: '300.1.1.1', problem: 'is no IPv4 or IPv6 address' },
    { line: 8, text: '203.0.113.7', problem: 'stands twice' },
  ]);
});

test('a verb and its path are one pasted entry', () =>
  expect(readLines('methods', 'eth_call Balances\nGET /fixtures/** Match pages').entries).toEqual([
    { value: 'eth_call', note: 'Balances', until: null },
    { value: 'GET /fixtures/**', note: 'Match pages', until: null },
  ]));
