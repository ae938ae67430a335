// Keys are grouped, found and named as a reader expects.
import { expect, test } from 'vitest';
import type { Key } from '../api/nouns';
import { byEnvironment } from './environment';
import { draftOfKey, environmentOf, KEPT, OWN_WORD } from './keyForm';
import { needsALook, stateOf } from './state';

const key = (name: string, environment: string, calls_24h = 1) =>
  ({
    id: `key_${name}`,
    name,
    environment,
    calls_24h,
    holder: { id: 'mem_1', name: 'Ada' },
    values: [{ mask: 'kw_9f…Q2mX' }],
  }) as Key;

test('production first, own words last, keys by name', () => {
  const groups = byEnvironment([
    key('b', 'Zoo'),
    key('c', 'Development'),
    key('z', 'Production', 5),
    key('a', 'Production', 2),
    key('d', 'Annex'),
  ]);
  expect(groups.map((group) => group.name)).toEqual(['Production', 'Development', 'Annex', 'Zoo']);
  expect(groups[0]?.keys.map(({ name }) => name)).toEqual(['a', 'z']);
  expect(groups[0]?.calls).toBe(7);
});

const now = Date.parse('2026-11-21T12:00:00Z');
const states: [Key['status'], string | null, string, boolean][] = [
  ['ok', null, 'OK', false],
  ['expires_soon', '2026-11-24T11:00:00Z', 'Expires in 3 days', true],
  ['expires_soon', '2026-11-21T18:00:00Z', 'Expires within a day', true],
  ['many_denials', null, 'Many denials', true],
  ['holder_suspended', null, 'Holder suspended', false],
];
test.each(states)('%s %s', (status, expires_at, word, look) => {
  expect(stateOf({ status, expires_at }, now).word).toBe(word);
  expect(needsALook({ status })).toBe(look);
});

test.each([
  ['Production', 'Production', ''],
  ['Staging', OWN_WORD, 'Staging'],
])('a key in %s is edited as one there', (environment, chosen, word) => {
  const draft = draftOfKey({ ...key('web', environment), sharing: 'shared', holder: null, apis: ['chain'], metadata: {} });
  expect(draft).toMatchObject({ environment: chosen, word, apis: ['chain'], expiry: KEPT });
  expect(environmentOf(draft)).toBe(environment);
});
