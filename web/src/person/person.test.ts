// Where a sign-in may lead, and what a browser is called.
import { describe, expect, test } from 'vitest';
import { agentWords } from './agent';
import { safeNext } from './next';

describe('after signing in one stays in the dashboard', () => {
  test.each([
    [undefined, '/'],
    ['/team?member=mem_1', '/team?member=mem_1'],
    ['//elsewhere.example/', '/'],
    ['/\\elsewhere.example', '/'],
    ['https://elsewhere.example/', '/'],
    ['javascript:alert(1)', '/'],
    ['team', '/'],
    ['/\t/elsewhere.example', '/'],
  ])('%s', (next, page) => expect(safeNext(next)).toBe(page));
});

describe('browsers', () => {
  test.each([
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Linux'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 Version/19.1 Mobile/15E148 Safari/604.1', 'Safari on iOS'],
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0', 'Edge on Windows'],
    ['Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36', 'Chrome on Android'],
    ['curl/8.14.1', 'curl/8.14.1'],
    [null, 'Unknown program'],
  ])('%s', (agent, words) => expect(agentWords(agent)).toBe(words));
});
