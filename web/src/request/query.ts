// The request log from the API: page after page downwards, and live at the top.
import { queryOptions, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { answer, client } from '../api/client';
import { useAccountId } from '../account/seat';
import { toQuery, type RequestFilter } from './filter';
import { mergeNewest, type CallPage, type CallPages } from './pages';

const PAGE = 100;
/** How often the newest page is asked for while the log is live. */
const LIVE_MS = 2_000;

async function page(account: string, filter: RequestFilter, cursor: string | null): Promise<CallPage> {
  const { status, ...rest } = toQuery(filter, Date.now());
  const query = {
    ...rest,
    status: status === undefined ? undefined : Number(status),
    cursor: cursor ?? undefined,
    limit: PAGE,
  };
  return answer(client.GET('/accounts/{account}/requests', { params: { path: { account }, query } }));
}

export function useCalls(filter: RequestFilter, live: boolean) {
  const account = useAccountId();
  const cache = useQueryClient();
  const queryKey = useMemo(() => ['requests', account, filter], [account, filter]);
  const list = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => page(account, filter, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    staleTime: live ? Infinity : undefined,
  });
  useQuery({
    queryKey: ['requests-live', account, filter],
    queryFn: async () => {
      const newest = await page(account, filter, null);
      cache.setQueryData<CallPages>(queryKey, (old) => (old ? mergeNewest(old, newest) : old));
      return newest.requests.length;
    },
    enabled: live && list.isSuccess,
    refetchInterval: LIVE_MS,
    staleTime: 0,
  });
  const calls = useMemo(() => list.data?.pages.flatMap((one) => one.requests) ?? [], [list.data]);
  return { ...list, calls, scope: list.data?.pages[0]?.scope ?? 'own' };
}

/** All rows of one request: a batch has one for each call. */
export const requestQuery = (account: string, request: string) =>
  queryOptions({
    queryKey: ['request', account, request],
    queryFn: () =>
      answer(client.GET('/accounts/{account}/requests/{request}', { params: { path: { account, request } } })),
    staleTime: 0,
  });
