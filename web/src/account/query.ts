// The account in use and what this Keyward offers.
import { queryOptions, useQuery } from '@tanstack/react-query';
import { answer, client } from '../api/client';
import { useAccountId } from './seat';

const USAGE_EVERY_MS = 30_000;

export const accountQuery = (account: string) =>
  queryOptions({
    queryKey: ['account', account],
    queryFn: () => answer(client.GET('/accounts/{account}', { params: { path: { account } } })),
    refetchInterval: USAGE_EVERY_MS,
  });

export const useAccount = () => useQuery(accountQuery(useAccountId()));

export const instanceQuery = queryOptions({
  queryKey: ['instance'],
  queryFn: () => answer(client.GET('/instance')),
  staleTime: Infinity,
});

export const useInstance = () => useQuery(instanceQuery);
