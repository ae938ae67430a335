// The roles of a scope as a draft: changed in the drawer, saved as a whole, and told apart where somebody else was faster.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { problemOf } from '../api/client';
import type { Roles } from '../api/nouns';
import { plural } from '../ui/format';
import { note } from '../ui/notice';
import { clock } from '../ui/time';
import { added, askedOf, changesIn, draftsOf, flawAt, flawsIn, removed, replaced, type Flaws, type RoleDraft } from './draft';
import { newsOf, onTop, type News } from './meanwhile';
import { rolesQuery, saveRoles, useRolesChanged, type Scope } from './query';

export type RolesEditor = ReturnType<typeof useRoles>;

export function useRoles(scope: Scope, saved: Roles) {
  const cache = useQueryClient();
  const changed = useRolesChanged(scope);
  // What the draft began from: a newer answer of the API does not change what one is typing.
  const [base, setBase] = useState(saved);
  const [drafts, setDrafts] = useState(() => draftsOf(saved.roles));
  const [flaws, setFlaws] = useState<Record<string, Flaws>>({});
  const [news, setNews] = useState<News[]>([]);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const changes = changesIn(base.roles, drafts);

  const show = (next: RoleDraft[]) => {
    setDrafts(next);
    setFlaws({});
    setError(null);
  };
  const begin = (roles: Roles) => {
    setBase(roles);
    setNews([]);
    show(draftsOf(roles.roles));
  };
  if (changes === 0 && news.length === 0 && saved.version > base.version) begin(saved);

  /** Somebody was faster: their roles are what one's own changes are put on. */
  const catchUp = async () => {
    const theirs = await cache.fetchQuery({ ...rolesQuery(scope), staleTime: 0 });
    setNews(newsOf(base.roles, theirs.roles, drafts, theirs.modules));
    show(onTop(base.roles, theirs.roles, drafts));
    setBase(theirs);
  };
  const refused = async (refusal: unknown) => {
    const { code, field, detail } = problemOf(refusal);
    const placed = flawAt(drafts, field, detail);
    if (code === 'changed_meanwhile') await catchUp();
    else if (placed) setFlaws(placed);
    else setError(refusal);
  };
  const save = async (): Promise<boolean> => {
    const wrong = flawsIn(base.roles, drafts);
    setFlaws(wrong);
    if (Object.keys(wrong).length > 0) return false;
    setBusy(true);
    try {
      const { roles, effective_at } = await saveRoles(scope, base.version, askedOf(drafts));
      begin(roles);
      note.done(`${plural(changes, 'role')} saved. What they allow holds since ${clock(effective_at)}.`);
      await changed(roles);
      return true;
    } catch (refusal) {
      await refused(refusal).catch(setError);
      return false;
    } finally {
      setBusy(false);
    }
  };

  return {
    base,
    drafts,
    changes,
    flaws,
    news,
    error,
    busy,
    save,
    change: (draft: RoleDraft) => show(replaced(drafts, draft)),
    remove: (draft: RoleDraft) => show(removed(drafts, draft)),
    putBack: (draft: RoleDraft) => show(replaced(drafts, { ...draft, isGone: false, replacement: null })),
    /** A new role; answers with its key. */
    add: (): string => {
      const [next, fresh] = added(drafts);
      show(next);
      return fresh.key;
    },
    discard: () => begin(base),
  };
}
