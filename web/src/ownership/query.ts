// Who owns the account and to whom it is offered, from the API.
import { queryOptions } from '@tanstack/react-query';
import { answer, client } from '../api/client';

const at = (account: string) => ({ params: { path: { account } } });

export const ownershipQuery = (account: string) =>
  queryOptions({
    queryKey: ['ownership', account],
    queryFn: () => answer(client.GET('/accounts/{account}/ownership', at(account))),
    refetchInterval: 30_000,
  });

export const ownershipActions = {
  offer: (account: string, body: { member: string; password: string; code?: string }) =>
    answer(client.POST('/accounts/{account}/ownership', { ...at(account), body })),
  withdraw: (account: string) => answer(client.DELETE('/accounts/{account}/ownership', at(account))),
  accept: (account: string) => answer(client.POST('/accounts/{account}/ownership/accept', at(account))),
  decline: (account: string) => answer(client.POST('/accounts/{account}/ownership/decline', at(account))),
};
