// Somebody else saved roles while one was changing them: what they changed, and one's own changes put on top of it.
import type { Module, Role } from '../api/nouns';
import { draftsOf, isChanged, type RoleDraft } from './draft';
import { allowedBy, difference } from './matrix';

/** What another changed in one role, and whether one's own change is about the same role. */
export type News = { key: string; sentence: string; isMine: boolean };

/** From `base`, where one began, to `theirs`, as it is now. */
export function newsOf(
  base: readonly Role[],
  theirs: readonly Role[],
  drafts: readonly RoleDraft[],
  modules: readonly Module[],
): News[] {
  const mine = new Set(drafts.filter((draft) => isChanged(base, draft)).map(({ id }) => id));
  const news: News[] = [];
  for (const now of theirs.filter((role) => !role.built_in)) {
    const before = base.find(({ id }) => id === now.id);
    const sentence = before ? changeOf(before, now, modules) : `${now.name} is new.`;
    if (sentence) news.push({ key: now.id, sentence, isMine: mine.has(now.id) });
  }
  for (const before of base) {
    if (theirs.some(({ id }) => id === before.id)) continue;
    news.push({ key: before.id, sentence: `${before.name} is deleted.`, isMine: mine.has(before.id) });
  }
  return news;
}

function changeOf(before: Role, now: Role, modules: readonly Module[]): string | null {
  const { wins, loses } = difference(allowedBy(before, modules), allowedBy(now, modules));
  const parts = [
    before.name !== now.name && `is called ${now.name}`,
    wins.length > 0 && `allows ${wins.join(', ')}`,
    loses.length > 0 && `no longer allows ${loses.join(', ')}`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? null : `${before.name} ${parts.join(', ')}.`;
}

/** One's own changes on top of theirs: where both changed a role, one's own stay; what one did not touch is theirs. */
export function onTop(base: readonly Role[], theirs: readonly Role[], drafts: readonly RoleDraft[]): RoleDraft[] {
  const mine = drafts.filter((draft) => isChanged(base, draft));
  const merged = draftsOf(theirs).map((draft) => mine.find(({ id }) => id === draft.id) ?? draft);
  const known = new Set(merged.map(({ id }) => id));
  // A role that they deleted and one has changed is made anew.
  const anew = mine
    .filter(({ id, isGone }) => !isGone && (id === null || !known.has(id)))
    .map((draft) => ({ ...draft, id: null }));
  return [...merged, ...anew];
}
