// Accounts and plans as operators see them, and what a change makes stale.
import { infiniteQueryOptions, queryOptions, useQueryClient } from '@tanstack/react-query';
import { answer, client } from '../api/client';
import type { OperatorAccount } from '../api/nouns';

const EVERY_MS = 30_000;

export const accountsQuery = (search: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['operator', 'accounts', search ?? ''],
    queryFn: ({ pageParam }) =>
      answer(client.GET('/operator/accounts', { params: { query: { search, before: pageParam ?? undefined } } })),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    refetchInterval: EVERY_MS,
  });

export const accountQuery = (account: string) =>
  queryOptions({
    queryKey: ['operator', 'account', account],
    queryFn: () => answer(client.GET('/operator/accounts/{account}', { params: { path: { account } } })),
    refetchInterval: EVERY_MS,
  });

export const plansQuery = queryOptions({
  queryKey: ['operator', 'plans'],
  queryFn: () => answer(client.GET('/operator/plans')),
});

/** After a change: the account is known at once; lists are asked for anew, and one's own pages if it is one's own account. */
export function useAccountChanged() {
  const cache = useQueryClient();
  return async (account: OperatorAccount) => {
    cache.setQueryData(accountQuery(account.id).queryKey, account);
    const stale = [['operator', 'accounts'], ['operator', 'plans'], ['account', account.id], ['me'], ['audit'], ['outbox']];
    await Promise.all(stale.map((queryKey) => cache.invalidateQueries({ queryKey })));
  };
}
