// Lists from the API, and what sets them: those of a key, and those of the account.
import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { answer, client } from '../api/client';
import type { Allowlists, AllowlistsAsked, Key } from '../api/nouns';
import { useAccountId, useSeat } from '../account/seat';
import { note } from '../ui/notice';
import { clock } from '../ui/time';
import { versioned, versionMoved } from '../key/moved';
import type { ListsDoor } from './useLists';

// What is typed stays: a form is made anew only by what it saves itself.
const staleTime = Infinity;

export const keyListsQuery = (account: string, key: string) =>
  queryOptions({
    queryKey: versioned.lists(account, key),
    queryFn: () =>
      answer(client.GET('/accounts/{account}/keys/{key}/allowlists', { params: { path: { account, key } } })),
    staleTime,
  });

export const accountListsQuery = (account: string) =>
  queryOptions({
    queryKey: ['allowlists', account],
    queryFn: () => answer(client.GET('/accounts/{account}/allowlists', { params: { path: { account } } })),
    staleTime,
  });

const basedOn = ({ version }: Allowlists) => ({ 'If-Match': `"${version}"` });

/** Sets lists of a key, or reads them anew; answers with all of them as they then are. */
export function useKeyLists(key: Key, saved: Allowlists): ListsDoor {
  const account = useAccountId();
  const cache = useQueryClient();
  const reload = () => cache.fetchQuery({ ...keyListsQuery(account, key.id), staleTime: 0 });
  const send = async (body: AllowlistsAsked): Promise<Allowlists> => {
    const params = { path: { account, key: key.id }, header: basedOn(saved) };
    const { effective_at, ...lists } = await answer(
      client.PUT('/accounts/{account}/keys/{key}/allowlists', { params, body }),
    );
    versionMoved(cache, account, key.id, saved.version, lists.version);
    cache.setQueryData(keyListsQuery(account, key.id).queryKey, lists);
    void cache.invalidateQueries({ queryKey: ['keys', account, key.id] });
    note.done(`The lists of ${key.name} hold since ${clock(effective_at)}.`);
    return lists;
  };
  return { send, reload };
}

/** Sets lists of the account, or reads them anew; answers with all of them as they then are. */
export function useAccountLists(saved: Allowlists): ListsDoor {
  const { account } = useSeat();
  const cache = useQueryClient();
  const reload = () => cache.fetchQuery({ ...accountListsQuery(account.id), staleTime: 0 });
  const send = async (body: AllowlistsAsked): Promise<Allowlists> => {
    const params = { path: { account: account.id }, header: basedOn(saved) };
    const { effective_at, ...lists } = await answer(client.PUT('/accounts/{account}/allowlists', { params, body }));
    cache.setQueryData(accountListsQuery(account.id).queryKey, lists);
    note.done(`The lists of ${account.name} hold since ${clock(effective_at)}.`);
    return lists;
  };
  return { send, reload };
}
