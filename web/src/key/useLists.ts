// The lists of a key as a draft: changed on the page, saved as a whole.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, client, problemOf } from '../api/client';
import type { Allowlist, Key } from '../api/nouns';
import { useAccountId } from '../account/seat';
import { note } from '../ui/notice';
import { clock } from '../ui/time';
import { changesIn, draftOf, listOf, namedEntry, type Draft, type Kind } from './allowlist';
import { allowlistsQuery } from './query';

export type Lists = Record<Kind, Allowlist>;
/** An entry that the API refused, and why. */
export type Flaw = { kind: Kind; value: string; detail: string };

const draftsOf = ({ addresses, domains }: Lists): Record<Kind, Draft> => ({
  addresses: draftOf(addresses),
  domains: draftOf(domains),
});

export function useLists(key: Key, saved: Lists) {
  const account = useAccountId();
  const cache = useQueryClient();
  const [draft, setDraft] = useState(() => draftsOf(saved));
  const [flaw, setFlaw] = useState<Flaw | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  const show = (next: Record<Kind, Draft>) => {
    setDraft(next);
    setFlaw(null);
    setError(null);
  };
  const refuse = (refusal: unknown, sent: Lists) => {
    const { field, detail } = problemOf(refusal);
    const named = namedEntry(field);
    const value = named ? sent[named.kind].entries[named.place]?.value : undefined;
    if (named && value !== undefined) setFlaw({ kind: named.kind, value, detail });
    else setError(refusal);
  };
  const save = async () => {
    const body = { addresses: listOf(draft.addresses), domains: listOf(draft.domains) };
    const params = { path: { account, key: key.id } };
    setBusy(true);
    try {
      const { effective_at, ...lists } = await answer(
        client.PUT('/accounts/{account}/keys/{key}/allowlists', { params, body }),
      );
      cache.setQueryData(allowlistsQuery(account, key.id).queryKey, lists);
      show(draftsOf(lists));
      note.done(`The lists of ${key.name} hold since ${clock(effective_at)}.`);
    } catch (refusal) {
      refuse(refusal, body);
    } finally {
      setBusy(false);
    }
  };

  const changes = changesIn(saved.addresses, draft.addresses) + changesIn(saved.domains, draft.domains);
  const change = (kind: Kind) => (next: Draft) => show({ ...draft, [kind]: next });
  return { draft, change, changes, discard: () => show(draftsOf(saved)), save, busy, flaw, error };
}
