// Who is on a key, from the API, and what one can do about it. Each change says from when it holds.
import { infiniteQueryOptions, keepPreviousData, useQueryClient } from '@tanstack/react-query';
import { useAccountId } from '../account/seat';
import { answer, client } from '../api/client';
import type { Key, KeyInvitation, KeyMember } from '../api/nouns';
import { note } from '../ui/notice';
import { clock } from '../ui/time';

const EVERY_MS = 10_000;

/** Members of one page. */
const PAGE = 50;

/** The owner, the holder, then everybody with a role on the key, a page at a time; `q` is a part of the name or the mail address. */
export const teamworkQuery = (account: string, key: string, q: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['teamwork', account, key, q ?? ''],
    queryFn: ({ pageParam }) => {
      const query = { q, limit: PAGE, after: pageParam ?? undefined };
      return answer(client.GET('/accounts/{account}/keys/{key}/teamwork', { params: { path: { account, key }, query } }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    refetchInterval: EVERY_MS,
    placeholderData: keepPreviousData,
  });

export type TeamworkActions = ReturnType<typeof useTeamworkActions>;

export function useTeamworkActions(key: Key) {
  const account = useAccountId();
  const cache = useQueryClient();
  const path = { account, key: key.id };
  const changed = () =>
    Promise.all(
      ['teamwork', 'roles', 'members', 'keys', 'account', 'audit'].map((noun) =>
        cache.invalidateQueries({ queryKey: [noun, account] }),
      ),
    );

  async function add(body: KeyInvitation) {
    const { member, effective_at } = await answer(
      client.POST('/accounts/{account}/keys/{key}/invitations', { params: { path }, body }),
    );
    await changed();
    note.done(
      member.state === 'pending'
        ? `The invitation for ${member.name} is made. Their role holds from the moment they confirm it.`
        : `${member.name} is ${member.role_name} on ${key.name} since ${clock(effective_at)}.`,
    );
  }

  async function give(member: KeyMember, role: string) {
    const { member: now, effective_at } = await answer(
      client.PUT('/accounts/{account}/keys/{key}/teamwork/{member}', {
        params: { path: { ...path, member: member.member_id } },
        body: { role },
      }),
    );
    await changed();
    return { now, effective_at };
  }

  async function changeRole(member: KeyMember, role: string) {
    const before = member.role;
    const { now, effective_at } = await give(member, role);
    const undo = before === null ? undefined : { label: 'Undo', run: () => quietly(give(now, before)) };
    note.done(`${now.name} is ${now.role_name} on ${key.name} since ${clock(effective_at)}.`, undo);
  }

  async function remove(member: KeyMember) {
    const { seat_removed, effective_at } = await answer(
      client.DELETE('/accounts/{account}/keys/{key}/teamwork/{member}', {
        params: { path: { ...path, member: member.member_id } },
      }),
    );
    await changed();
    const seat = seat_removed ? ' It was their last key, so their seat is gone too.' : '';
    note.done(`${member.name} is off ${key.name} since ${clock(effective_at)}.${seat}`);
  }

  /** For what has no dialog that could show a refusal. */
  const quietly = (action: Promise<unknown>) => void action.catch(note.refused);

  return { add, changeRole, remove, quietly };
}
