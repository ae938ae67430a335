// The tester sends what was written, refuses what cannot be read, and replays rows of the log.
import { describe, expect, test } from 'vitest';
import type { Api } from '../key/endpoint';
import { exampleCall, flawsOf, pretty, replayOf, toSend, type CallDraft } from './call';

const rest: Api = {
  name: 'football',
  title: 'Football',
  protocol: 'rest',
  networks: [],
  base_urls: ['http://gw/football/{key}'],
  key_header: null,
  example: '/leagues?id=39',
};
const rpc: Api = {
  name: 'eth',
  title: 'Ethereum',
  protocol: 'json-rpc',
  networks: ['mainnet'],
  base_urls: ['http://gw/eth/{key}'],
  key_header: null,
  example: 'eth_blockNumber',
};
const draft = (part: Partial<CallDraft>): CallDraft => ({
  verb: 'GET',
  path: '/',
  body: '',
  method: 'eth_call',
  params: '[]',
  ...part,
});

describe('flaws', () => {
  test.each([
    [rest, {}, []],
    [rest, { path: 'leagues' }, ['path']],
    [rest, { verb: 'POST', body: '{"a":' }, ['body']],
    [rest, { verb: 'POST', body: 'plain text' }, []],
    [rest, { verb: 'GET', body: '{"a":' }, []],
    [rpc, {}, []],
    [rpc, { method: ' ' }, ['method']],
    [rpc, { params: '[1' }, ['params']],
    [rpc, { params: '7' }, ['params']],
    [rpc, { params: '' }, []],
  ] as [Api, Partial<CallDraft>, string[]][])('%o %o', (api, part, fields) =>
    expect(Object.keys(flawsOf(api, draft(part)))).toEqual(fields),
  );
});

test('what is sent', () => {
  expect(toSend(rest, null, draft({ path: '/leagues', body: 'kept for later' }))).toEqual({
    api: 'football',
    method: 'GET',
    path: '/leagues',
  });
  expect(toSend(rest, null, draft({ verb: 'POST', path: '/bets', body: '{}' }))).toEqual({
    api: 'football',
    method: 'POST',
    path: '/bets',
    body: '{}',
  });
  expect(toSend(rpc, 'mainnet', draft({ params: '[{"to":"0x1"}]' }))).toEqual({
    api: 'eth',
    network: 'mainnet',
    method: 'eth_call',
    params: [{ to: '0x1' }],
  });
});

test.each([
  ['GET /leagues', '/football/{key}/leagues', { verb: 'GET', path: '/leagues' }],
  ['POST /bets/…', '/football/{key}/bets/7', { verb: 'POST', path: '/bets/7' }],
  ['BREW /pot', '/football/{key}', { verb: 'GET', path: '/' }],
  ['GET /leagues', '/leagues', { verb: 'GET', path: '/leagues' }],
])('%s at %s is replayed', (method, path, call) => expect(replayOf({ method, path }, rest)).toMatchObject(call));

test('a JSON-RPC row is replayed by its method', () =>
  expect(replayOf({ method: 'eth_getLogs', path: '/eth/{key}' }, rpc)).toMatchObject({
    method: 'eth_getLogs',
    params: '[]',
  }));
test('the example is where one starts', () =>
  expect(exampleCall(rest)).toMatchObject({ verb: 'GET', path: '/leagues?id=39' }));
test.each([
  ['{"a":1}', '{\n  "a": 1\n}'],
  ['not json', 'not json'],
  ['', ''],
])('%j is shown readable', (body, shown) => expect(pretty(body)).toBe(shown));
