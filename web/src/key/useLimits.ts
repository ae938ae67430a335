// The limits of a key as a draft: changed on the page, saved as a whole, refused where somebody else changed the key meanwhile.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, client, problemOf } from '../api/client';
import type { Key, KeyLimits } from '../api/nouns';
import { useAccountId } from '../account/seat';
import { note } from '../ui/notice';
import { clock } from '../ui/time';
import { askedOf, changesIn, draftOf, flawIn, flawOf, onTop, type LimitDraft, type LimitFlaw } from './limits';
import { versionMoved } from './moved';
import { keyQuery, limitsQuery } from './query';

export function useLimits(key: Key, saved: KeyLimits) {
  const account = useAccountId();
  const cache = useQueryClient();
  const [draft, setDraft] = useState(() => draftOf(saved));
  const [flaw, setFlaw] = useState<LimitFlaw | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  const show = (next: LimitDraft) => {
    setDraft(next);
    setFlaw(null);
    setError(null);
  };
  const save = async () => {
    const wrong = flawIn(draft);
    if (wrong) return setFlaw(wrong);
    setBusy(true);
    try {
      const { effective_at, ...limits } = await answer(
        client.PUT('/accounts/{account}/keys/{key}/limits', {
          params: { path: { account, key: key.id }, header: { 'If-Match': `"${saved.version}"` } },
          body: askedOf(draft),
        }),
      );
      versionMoved(cache, account, key.id, saved.version, limits.version);
      cache.setQueryData(limitsQuery(account, key.id).queryKey, limits);
      show(draftOf(limits));
      note.done(`The limits of ${key.name} hold since ${clock(effective_at)}.`);
      await cache.invalidateQueries({ queryKey: keyQuery(account, key.id).queryKey });
    } catch (refusal) {
      const { field, detail } = problemOf(refusal);
      const named = flawOf(field, detail);
      if (named) setFlaw(named);
      else setError(refusal);
    } finally {
      setBusy(false);
    }
  };

  /** Puts the draft on top of what the limits are now. */
  const takeIn = async () => {
    setBusy(true);
    try {
      const now = await cache.fetchQuery({ ...limitsQuery(account, key.id), staleTime: 0 });
      show(onTop(draftOf(saved), draft, draftOf(now)));
    } finally {
      setBusy(false);
    }
  };

  return { takeIn, draft, change: show, changes: changesIn(saved, draft), discard: () => show(draftOf(saved)), save, busy, flaw, error };
}
