// Endpoints and snippets say exactly where a value goes, and quote what could run.
import { describe, expect, test } from 'vitest';
import type { Key } from '../api/nouns';
import { endpointsOf, exampleOf, type Api } from './endpoint';
import { snippetsOf } from './snippets';
import { byApi } from './valueSnippets';

const rest: Api = {
  name: 'football',
  title: 'Football',
  protocol: 'rest',
  networks: [],
  base_urls: ['http://gw/football'],
  key_header: 'x-api-key',
  example: 'GET /leagues?id=39',
};
const rpc: Api = {
  name: 'eth',
  title: 'Ethereum',
  protocol: 'json-rpc',
  networks: ['eth/mainnet', 'eth/sepolia'],
  base_urls: ['http://gw/m/{key}', 'http://gw/s/{key}'],
  key_header: 'x-api-key',
  example: 'eth_blockNumber',
};

const first = (api: Api) => {
  const endpoint = endpointsOf({ networks: [] }, api)[0];
  if (!endpoint) throw new Error('an API without an endpoint');
  return endpoint;
};
const code = (api: Api, title: string, value = 'kw_1', key: Pick<Key, 'secret'> = { secret: null }) =>
  snippetsOf(api, key, first(api), value).find((snippet) => snippet.title === title)?.code;

test('an endpoint for each network that the key opens', () => {
  expect(endpointsOf({ networks: [] }, rpc).map(({ network }) => network)).toEqual(['eth/mainnet', 'eth/sepolia']);
  expect(endpointsOf({ networks: ['eth/sepolia'] }, rpc)).toEqual([
    { network: 'eth/sepolia', url: 'http://gw/s/{key}', place: 'path' },
  ]);
  expect(endpointsOf({ networks: ['eth/sepolia'] }, rest)).toEqual([
    { network: null, url: 'http://gw/football', place: { header: 'x-api-key' } },
  ]);
});

test.each([
  ['/leagues', { verb: 'GET', path: '/leagues' }],
  ['post /leagues', { verb: 'POST', path: '/leagues' }],
  ['leagues', { verb: 'GET', path: '/leagues' }],
])('example %j', (example, read) => expect(exampleOf({ protocol: 'rest', example })).toEqual(read));

describe('snippets', () => {
  test('a value in a header', () =>
    expect(code(rest, 'curl')).toBe("curl 'http://gw/football/leagues?id=39' \\\n  -H 'x-api-key: kw_1'"));
  test('a value in the path', () => expect(code(rpc, 'viem')).toContain('http("http://gw/m/kw_1")'));
  test('no value', () => expect(code(rpc, 'web3.py', '')).toContain('http://gw/m/YOUR_VALUE'));
  test('a secret beside the value, once calls must bring it', () => {
    const at = '2026-01-01T00:00:00Z';
    const asks = { secret: { mask: 'kws_a…z', drawn_at: at, required_at: at, former_expires_at: null } };
    const lines = "curl 'http://gw/football/leagues?id=39' \\\n  -H 'x-api-key: kw_1' \\\n  -H 'x-api-secret: YOUR_SECRET'";
    expect(code(rest, 'curl', 'kw_1', asks)).toBe(lines);
    expect(code(rpc, 'JavaScript', 'kw_1', asks)).toContain('"x-api-secret": "YOUR_SECRET" }');
    expect(code(rpc, 'ethers', 'kw_1', asks)).toContain('request.setHeader("x-api-secret", "YOUR_SECRET")');
    expect(code(rest, 'Python', 'kw_1', { secret: { ...asks.secret, required_at: null } })).not.toContain('secret');
  });
  test('what was pasted cannot leave its quotes', () => {
    expect(code(rest, 'curl', "'; rm -rf ~ #")).toContain("'x-api-key: '\\''; rm -rf ~ #'");
    expect(code(rest, 'JavaScript', '"+alert(1)+"')).toContain('"\\"+alert(1)+\\""');
  });
});

test('the snippets of a new value stand under their API', () => {
  const snippet = (title: string) => ({ title, language: 'shell' as const, code: title });
  const told = byApi([
    snippet('Football, curl'),
    snippet('Football, Python'),
    snippet('Cups, leagues, curl'),
    snippet('curl'),
  ]);
  expect(told.map(({ api, snippets }) => [api, ...snippets.map(({ title }) => title)])).toEqual([
    ['Football', 'curl', 'Python'],
    ['Cups, leagues', 'curl'],
    ['', 'curl'],
  ]);
});
