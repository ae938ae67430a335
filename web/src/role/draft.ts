// Roles as they stand in the editor: several are changed, made and deleted there, and saved together.
import type { Role, RolesAsked } from '../api/nouns';
import { nameProblem } from '../ui/checks';
import type { Held } from './matrix';

export type RoleDraft = Held & {
  /** What tells it from the others on the page: its id, or `new-1` while it has none. */
  key: string;
  id: string | null;
  name: string;
  isGone: boolean;
  /** What its holders get once it is gone. */
  replacement: string | null;
};

/** A role in the drawer: its name, or what is wrong with it. */
export type Flaws = { name?: string; replacement?: string };

/** What every new role starts with. */
const FRESH: Held = { all: [], permissions: ['keys.view', 'keys.use'] };

const draftOf = ({ id, name, all, permissions }: Role): RoleDraft => ({
  key: id,
  id,
  name,
  all,
  permissions,
  isGone: false,
  replacement: null,
});

/** The roles one can change; those that are built in are not among them. */
export const draftsOf = (roles: readonly Role[]): RoleDraft[] => roles.filter((role) => !role.built_in).map(draftOf);

/** A new role behind the others. */
export function added(drafts: readonly RoleDraft[]): [RoleDraft[], RoleDraft] {
  const numbers = drafts.map(({ key }) => Number(/^new-(\d+)$/.exec(key)?.[1] ?? 0));
  const key = `new-${Math.max(0, ...numbers) + 1}`;
  const fresh = { ...FRESH, key, id: null, name: '', isGone: false, replacement: null };
  return [[...drafts, fresh], fresh];
}

/** A role that was never saved just goes; another one stays, struck, until the roles are saved. */
export const removed = (drafts: readonly RoleDraft[], gone: RoleDraft): RoleDraft[] =>
  gone.id === null
    ? drafts.filter(({ key }) => key !== gone.key)
    : drafts.map((draft) => (draft.key === gone.key ? { ...draft, isGone: true } : draft));

export const replaced = (drafts: readonly RoleDraft[], next: RoleDraft): RoleDraft[] =>
  drafts.map((draft) => (draft.key === next.key ? next : draft));

const same = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((name) => b.includes(name));

/** Whether two say the same about a role. */
const isAlike = (a: Held & { name: string }, b: Held & { name: string }) =>
  a.name.trim() === b.name.trim() && same(a.all, b.all) && same(a.permissions, b.permissions);

export function isChanged(saved: readonly Role[], draft: RoleDraft): boolean {
  const before = saved.find(({ id }) => id === draft.id);
  return before === undefined || draft.isGone || !isAlike(before, draft);
}

export const changesIn = (saved: readonly Role[], drafts: readonly RoleDraft[]): number =>
  drafts.filter((draft) => isChanged(saved, draft)).length;

/** What is wrong with each role, by its key; an empty object if all is well. */
export function flawsIn(saved: readonly Role[], drafts: readonly RoleDraft[]): Record<string, Flaws> {
  const flaws: Record<string, Flaws> = {};
  const taken = new Set(saved.filter((role) => role.built_in).map(({ name }) => name.toLowerCase()));
  for (const { key, id, name, isGone, replacement } of drafts) {
    if (isGone) {
      const holders = saved.find((role) => role.id === id)?.holders ?? 0;
      if (holders > 0 && replacement === null) flaws[key] = { replacement: 'Say what its holders get instead.' };
      continue;
    }
    const compared = name.trim().toLowerCase();
    const problem = nameProblem(name) ?? (taken.has(compared) ? `There is a role ${name.trim()} already.` : null);
    if (problem) flaws[key] = { name: problem };
    taken.add(compared);
  }
  return flaws;
}

/** The whole set as the API takes it. */
export function askedOf(drafts: readonly RoleDraft[]): RolesAsked {
  const kept = drafts.filter(({ isGone }) => !isGone);
  const gone = drafts.filter(({ isGone, replacement }) => isGone && replacement !== null);
  return {
    roles: kept.map(({ id, name, all, permissions }) => ({
      ...(id === null ? {} : { id }),
      name: name.trim(),
      all: [...all],
      permissions: [...permissions],
    })),
    replacements: Object.fromEntries(gone.map(({ id, replacement }) => [id, replacement])) as Record<string, string>,
  };
}

/** Where the API's word on a field belongs: `roles[2].name` is the third role that was sent. */
export function flawAt(drafts: readonly RoleDraft[], field: string | null | undefined, detail: string): Record<string, Flaws> | null {
  const sent = /^roles\[(\d+)\]\.name$/.exec(field ?? '');
  const named = sent && drafts.filter(({ isGone }) => !isGone)[Number(sent[1])];
  if (named) return { [named.key]: { name: detail } };
  const gone = field === 'replacement' || field === 'replacements' ? drafts.find(({ isGone }) => isGone) : undefined;
  return gone ? { [gone.key]: { replacement: detail } } : null;
}
