// Roles from the API, of the account or of one key, and what saving them makes stale.
import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { answer, client } from '../api/client';
import type { Roles, RolesAsked, RolesInForce } from '../api/nouns';

/** Where roles belong: to the account, or to one of its keys. */
export type Scope = { account: string; key?: string };

export const rolesQuery = ({ account, key }: Scope) =>
  queryOptions({
    queryKey: ['roles', account, key ?? null],
    queryFn: (): Promise<Roles> =>
      key === undefined
        ? answer(client.GET('/accounts/{account}/roles', { params: { path: { account } } }))
        : answer(client.GET('/accounts/{account}/keys/{key}/roles', { params: { path: { account, key } } })),
  });

/** Saves the whole set, made from version `version`; a newer one at the server refuses it. */
export function saveRoles({ account, key }: Scope, version: number, body: RolesAsked): Promise<RolesInForce> {
  const header = { 'If-Match': `"${version}"` };
  return key === undefined
    ? answer(client.PUT('/accounts/{account}/roles', { params: { path: { account }, header }, body }))
    : answer(client.PUT('/accounts/{account}/keys/{key}/roles', { params: { path: { account, key }, header }, body }));
}

/** After a save: who may do what has changed, for oneself too. */
export function useRolesChanged({ account, key }: Scope) {
  const cache = useQueryClient();
  return async (roles: Roles) => {
    cache.setQueryData(rolesQuery({ account, key }).queryKey, roles);
    await Promise.all(
      ['members', 'keys', 'teamwork', 'audit'].map((noun) => cache.invalidateQueries({ queryKey: [noun, account] })),
    );
    await cache.invalidateQueries({ queryKey: ['me'] });
  };
}
