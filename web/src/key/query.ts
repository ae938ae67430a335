// Keys from the API, and what changes them. Every change answers with the key as it then is.
import { infiniteQueryOptions, keepPreviousData, queryOptions, useQueryClient } from '@tanstack/react-query';
import { answer, client } from '../api/client';
import type { Key, KeyChange } from '../api/nouns';
import { useAccountId } from '../account/seat';
import { versioned, versionMoved } from './moved';

const EVERY_MS = 15_000;

export const keysQuery = (account: string) =>
  queryOptions({
    queryKey: ['keys', account],
    queryFn: async () => (await answer(client.GET('/accounts/{account}/keys', { params: { path: { account } } }))).keys,
    refetchInterval: EVERY_MS,
  });

/** Which keys a page of the list shows, as the API is asked. */
export type KeysAsked = { q?: string; metadata?: string; environment?: string; status?: 'expires_soon' | 'disabled' };

/** Keys of one page. */
const PAGE = 50;

export const keyPagesQuery = (account: string, asked: KeysAsked) =>
  infiniteQueryOptions({
    queryKey: ['key-pages', account, asked],
    queryFn: ({ pageParam }) => {
      const query = { ...asked, limit: PAGE, after: pageParam ?? undefined };
      return answer(client.GET('/accounts/{account}/keys', { params: { path: { account }, query } }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    refetchInterval: EVERY_MS,
    placeholderData: keepPreviousData,
  });

export const keyQuery = (account: string, key: string) =>
  queryOptions({
    queryKey: ['keys', account, key],
    queryFn: () => answer(client.GET('/accounts/{account}/keys/{key}', { params: { path: { account, key } } })),
    refetchInterval: EVERY_MS,
  });

/** Values in their grace period, and who still calls with them. */
export const replacedQuery = (account: string, key: string) =>
  queryOptions({
    queryKey: ['replaced-values', account, key],
    queryFn: async () => {
      const path = { account, key };
      const found = await answer(client.GET('/accounts/{account}/keys/{key}/values/replaced', { params: { path } }));
      return found.values;
    },
    refetchInterval: EVERY_MS,
  });

export const limitsQuery = (account: string, key: string) =>
  queryOptions({
    queryKey: versioned.limits(account, key),
    queryFn: () => answer(client.GET('/accounts/{account}/keys/{key}/limits', { params: { path: { account, key } } })),
    // What is typed stays: the form is made anew only by what it saves itself.
    staleTime: Infinity,
  });

type At = { account: string; key: string };

/** The actions on one key, by the path they are sent to. */
export const keyActions = {
  enable: (path: At) => answer(client.POST('/accounts/{account}/keys/{key}/enable', { params: { path } })),
  disable: (path: At) => answer(client.POST('/accounts/{account}/keys/{key}/disable', { params: { path } })),
  revoke: (path: At) => answer(client.DELETE('/accounts/{account}/keys/{key}', { params: { path } })),
  edit: (path: At, version: number, body: KeyChange) =>
    answer(
      client.PATCH('/accounts/{account}/keys/{key}', {
        params: { path, header: { 'If-Match': `"${version}"` } },
        body,
      }),
    ),
  drawSecret: (path: At, grace_days: number) =>
    answer(client.POST('/accounts/{account}/keys/{key}/secret', { params: { path }, body: { grace_days } })),
  requireSecret: (path: At, required: boolean) =>
    answer(client.PUT('/accounts/{account}/keys/{key}/secret', { params: { path }, body: { required } })),
  removeSecret: (path: At) => answer(client.DELETE('/accounts/{account}/keys/{key}/secret', { params: { path } })),
  revokeValue: (path: At, value: string) =>
    answer(client.DELETE('/accounts/{account}/keys/{key}/values/{value}', { params: { path: { ...path, value } } })),
  draw: (path: At, owner: 'me' | 'account', grace_days: number) =>
    answer(client.POST('/accounts/{account}/keys/{key}/values', { params: { path }, body: { owner, grace_days } })),
};

/** After a change: the key is known, everything that counts keys or values is asked for anew. */
export function useKeyChanged() {
  const cache = useQueryClient();
  const account = useAccountId();
  return async (key: Key) => {
    const before = cache.getQueryData(keyQuery(account, key.id).queryKey)?.version;
    if (before === key.version - 1) versionMoved(cache, account, key.id, before, key.version);
    cache.setQueryData(keyQuery(account, key.id).queryKey, key);
    await Promise.all([
      cache.invalidateQueries({ queryKey: ['keys', account], exact: true }),
      cache.invalidateQueries({ queryKey: ['key-pages', account] }),
      cache.invalidateQueries({ queryKey: ['versions', account, key.id] }),
      cache.invalidateQueries({ queryKey: replacedQuery(account, key.id).queryKey }),
      cache.invalidateQueries({ queryKey: ['account', account] }),
    ]);
  };
}
