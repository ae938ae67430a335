// Lists as a draft: changed on the page, saved as a whole, refused where somebody else changed them meanwhile.
import { useState } from 'react';
import { problemOf } from '../api/client';
import type { Allowlists, AllowlistsAsked } from '../api/nouns';
import { changesIn, draftsOf, KINDS, listOf, namedEntry, onTop, type Draft, type Drafts, type Kind } from './allowlist';

/** A list that the API refused, and why; `value` names the entry if it is one. */
export type Flaw = { kind: Kind; value: string | null; detail: string };

/** How lists are set, and read anew. */
export type ListsDoor = { send: (asked: AllowlistsAsked) => Promise<Allowlists>; reload: () => Promise<Allowlists> };

export function useLists(saved: Allowlists, { send, reload }: ListsDoor) {
  const [draft, setDraft] = useState(() => draftsOf(saved));
  const [flaw, setFlaw] = useState<Flaw | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  const show = (next: Drafts) => {
    setDraft(next);
    setFlaw(null);
    setError(null);
  };
  const refuse = (refusal: unknown, sent: AllowlistsAsked) => {
    const { field, detail } = problemOf(refusal);
    const named = namedEntry(field);
    if (!named) return setError(refusal);
    const value = named.place === null ? null : (sent[named.kind]?.entries[named.place]?.value ?? null);
    setFlaw({ kind: named.kind, value, detail });
  };
  const changesOf = (kind: Kind) => changesIn(saved[kind], draft[kind]);
  const save = async () => {
    const changed = KINDS.filter((kind) => changesOf(kind) > 0);
    const asked: AllowlistsAsked = Object.fromEntries(changed.map((kind) => [kind, listOf(saved[kind], draft[kind])]));
    setBusy(true);
    try {
      show(draftsOf(await send(asked)));
    } catch (refusal) {
      refuse(refusal, asked);
    } finally {
      setBusy(false);
    }
  };

  /** Puts the draft on top of what the lists are now. */
  const takeIn = async () => {
    setBusy(true);
    try {
      const [base, theirs] = [draftsOf(saved), draftsOf(await reload())];
      const each = KINDS.map((kind) => [kind, onTop(base[kind], draft[kind], theirs[kind])]);
      show(Object.fromEntries(each) as Drafts);
    } finally {
      setBusy(false);
    }
  };

  const changes = KINDS.reduce((sum, kind) => sum + changesOf(kind), 0);
  const change = (kind: Kind) => (next: Draft) => show({ ...draft, [kind]: next });
  return { draft, change, changes, discard: () => show(draftsOf(saved)), save, takeIn, busy, flaw, error };
}
