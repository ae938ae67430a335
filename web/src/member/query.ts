// Members from the API, and what a change to one makes stale.
import { infiniteQueryOptions, keepPreviousData, queryOptions, useQueryClient } from '@tanstack/react-query';
import { useAccountId } from '../account/seat';
import { answer, client } from '../api/client';
import type { Member } from '../api/nouns';
import { placeTints } from '../ui/tint';

const EVERY_MS = 10_000;

/** The owner, then everybody as they came: nobody moves because someone else was suspended. */
const inOrder = (a: Member, b: Member) =>
  Number(b.role === 'owner') - Number(a.role === 'owner') || a.created_at.localeCompare(b.created_at) || a.id.localeCompare(b.id);

/** Those whose faces stand beside roles: the first 500. */
export const membersQuery = (account: string) =>
  queryOptions({
    queryKey: ['members', account],
    queryFn: async () => {
      const { members } = await answer(client.GET('/accounts/{account}/members', { params: { path: { account } } }));
      const sorted = members.toSorted(inOrder);
      placeTints(sorted.map(({ id }) => id));
      return sorted;
    },
    refetchInterval: EVERY_MS,
  });

/** Members that a field offers at once. */
const OFFERED = 20;

/** Those whose name or mail address has a text; of an empty one, the first. */
export const memberSearchQuery = (account: string, q: string) =>
  queryOptions({
    queryKey: ['members', account, 'search', q],
    queryFn: () => {
      const query = { q: q || undefined, limit: OFFERED };
      return answer(client.GET('/accounts/{account}/members', { params: { path: { account }, query } }));
    },
  });

/** Members of one page. */
const PAGE = 50;

/** The owner, then everybody as they came, a page at a time; `q` is a part of the name or the mail address. */
export const memberPagesQuery = (account: string, q: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['members', account, 'pages', q ?? ''],
    queryFn: async ({ pageParam }) => {
      const query = { q, limit: PAGE, after: pageParam ?? undefined };
      const page = await answer(client.GET('/accounts/{account}/members', { params: { path: { account }, query } }));
      placeTints(page.members.map(({ id }) => id));
      return page;
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    refetchInterval: EVERY_MS,
    placeholderData: keepPreviousData,
  });

export const memberQuery = (account: string, member: string) =>
  queryOptions({
    queryKey: ['members', account, member],
    queryFn: () => answer(client.GET('/accounts/{account}/members/{member}', { params: { path: { account, member } } })),
    refetchInterval: EVERY_MS,
  });

/** After a change: the member is known at once; seats, keys and the trail are asked for anew. */
export function useMemberChanged() {
  const cache = useQueryClient();
  const account = useAccountId();
  return async (member?: Member) => {
    if (member) {
      cache.setQueryData(memberQuery(account, member.id).queryKey, member);
      cache.setQueryData(membersQuery(account).queryKey, (all) => all?.map((one) => (one.id === member.id ? member : one)));
    }
    await Promise.all(
      ['members', 'keys', 'account', 'audit'].map((noun) => cache.invalidateQueries({ queryKey: [noun, account] })),
    );
  };
}
