// What of an address is a filter of the trail, and where its file is.
import { expect, test } from 'vitest';
import { fileOf, parseTrail } from './trail';

const search = { by: 'mem_1', account: 'acc_1', action: 'key', subject: '', since: undefined, change: 'aud_1' };

test.each([
  ['acc_1', { by: 'mem_1', action: 'key' }],
  [null, { account: 'acc_1', action: 'key' }],
])('the filter of %s', (whose, expected) => expect(parseTrail(search, whose)).toEqual(expected));

test.each([
  ['acc_1', {}, 'csv', '/api/v1/accounts/acc_1/audit/csv'],
  ['acc_1', { action: 'key.edit', since: '2026-11-22T00:00:00Z' }, 'jsonl', '/api/v1/accounts/acc_1/audit/jsonl?action=key.edit&since=2026-11-22T00%3A00%3A00Z'],
  [null, { account: 'acc_1' }, 'csv', '/api/v1/operator/audit/csv?account=acc_1'],
] as const)('the file of %s %o %s', (whose, filter, format, expected) => expect(fileOf(whose, filter, format)).toBe(expected));
