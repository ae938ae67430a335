// One's access tokens: how they are asked for, and the permissions of an account by module.
import { queryOptions } from '@tanstack/react-query';
import { answer, client } from '../api/client';

export const accessTokensQuery = queryOptions({
  queryKey: ['access-tokens'],
  queryFn: async () => (await answer(client.GET('/access-tokens'))).access_tokens,
});

const MODULES: Record<string, string> = {
  keys: 'API keys',
  security: 'Security',
  stats: 'Stats',
  teamwork: 'Teamwork',
  account: 'Account',
};

/** `keys.view`, `keys.use`, `stats.view` → what each module of the page lists, in the order they came. */
export function byModule(permissions: string[]): { name: string; permissions: string[] }[] {
  const groups = new Map<string, string[]>();
  for (const permission of permissions) {
    const module = permission.split('.')[0] ?? permission;
    groups.set(module, [...(groups.get(module) ?? []), permission]);
  }
  return [...groups].map(([module, list]) => ({ name: MODULES[module] ?? module, permissions: list }));
}

/** When a token ends that is good for so many days from now on; null: never. */
export const endAfter = (days: number | null, now: number): string | null =>
  days === null ? null : new Date(now + days * 86_400_000).toISOString();
