// What an access token is chosen from, and when it ends.
import { describe, expect, it } from 'vitest';
import { byModule, endAfter } from './access-tokens';

describe('access tokens', () => {
  it.each([
    [[], []],
    [['keys.view', 'keys.use'], [{ name: 'API keys', permissions: ['keys.view', 'keys.use'] }]],
    [
      ['keys.view', 'stats.view', 'keys.use', 'new.one'],
      [
        { name: 'API keys', permissions: ['keys.view', 'keys.use'] },
        { name: 'Stats', permissions: ['stats.view'] },
        { name: 'new', permissions: ['new.one'] },
      ],
    ],
  ])('groups %j', (permissions, groups) => {
    expect(byModule(permissions)).toEqual(groups);
  });

  it.each([
    [null, null],
    [30, '2026-01-31T00:00:00.000Z'],
  ])('ends after %s days', (days, end) => {
    expect(endAfter(days, Date.parse('2026-01-01T00:00:00Z'))).toBe(end);
  });
});
