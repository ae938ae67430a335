// Who is signed in, and in which accounts they have a seat.
import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { answer, client } from '../api/client';
import { queryClient } from '../api/query';
import type { Me } from '../api/nouns';

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: () => answer(client.GET('/me')),
  staleTime: 60_000,
});

/** Inside the shell there is always someone: the route lets nobody else in. */
export const useMe = (): Me => useSuspenseQuery(meQuery).data;

/** After signing in: everything an earlier person saw is forgotten first. */
export function becomeSignedIn(me: Me) {
  queryClient.clear();
  queryClient.setQueryData(meQuery.queryKey, me);
}

export async function signOut() {
  await answer(client.DELETE('/sessions/current'));
  queryClient.clear();
}
