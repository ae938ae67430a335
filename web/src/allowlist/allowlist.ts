// Lists of a key or an account while one changes them: what was saved, what is added, what is taken off, what is wrong.
import type { Allowlist, AllowlistAsked, Allowlists } from '../api/nouns';
import { merged, mergedLines } from '../ui/merge';

export const KINDS = ['addresses', 'domains', 'methods', 'contracts'] as const;
export type Kind = (typeof KINDS)[number];
export type Mode = Allowlist['mode'];
export type Added = { value: string; note: string | null; until: string | null };
/** `isNew` is not saved yet, `isEdited` has another note or end; `isGone` is taken off by the next save and can be put back. */
export type Entry = Added & { isNew: boolean; isEdited: boolean; isGone: boolean };
export type Draft = { mode: Mode; locked: boolean; entries: Entry[] };
export type Drafts = Record<Kind, Draft>;
export type LineProblem = { line: number; text: string; problem: string };

/** Entries in one list, as the API allows. */
export const ENTRY_LIMIT = 1_000;
export const NOTE_LIMIT = 200;

export const draftOf = ({ mode, locked, entries }: Pick<Allowlist, 'mode' | 'locked' | 'entries'>): Draft => ({
  mode,
  locked,
  entries: entries.map(({ value, note, until }) => ({ value, note, until, isNew: false, isEdited: false, isGone: false })),
});

export const draftsOf = (saved: Allowlists): Drafts => ({
  addresses: draftOf(saved.addresses),
  domains: draftOf(saved.domains),
  methods: draftOf(saved.methods),
  contracts: draftOf(saved.contracts),
});

/** As the API takes it; only a lock that was turned is said. */
export const listOf = (saved: Pick<Allowlist, 'locked'>, { mode, locked, entries }: Draft): AllowlistAsked => ({
  mode,
  entries: entries.filter(({ isGone }) => !isGone).map(({ value, note, until }) => ({ value, note, until })),
  ...(locked === saved.locked ? {} : { locked }),
});

/** Somebody's draft on top of what the list is now: entries are the same by what they allow. */
export function onTop(base: Draft, mine: Draft, theirs: Draft): Draft {
  type Bare = Pick<Entry, 'value' | 'note' | 'until'>;
  const bare = ({ entries }: Draft): Bare[] =>
    entries.filter(({ isGone }) => !isGone).map(({ value, note, until }) => ({ value, note, until }));
  const wanted = mergedLines(bare(base), bare(mine), bare(theirs), ({ value }) => value);
  const gone = theirs.entries.filter(({ value }) => !wanted.some((entry) => entry.value === value));
  const entry = (line: Bare): Entry => {
    const held = theirs.entries.find(({ value }) => value === line.value);
    const isEdited = held !== undefined && (held.note !== line.note || held.until !== line.until);
    return { ...line, isNew: held === undefined, isEdited, isGone: false };
  };
  return {
    mode: merged(base.mode, mine.mode, theirs.mode),
    locked: merged(base.locked, mine.locked, theirs.locked),
    entries: [...wanted.map(entry), ...gone.map((line) => ({ ...line, isGone: true }))],
  };
}

export const changesIn = (saved: Pick<Allowlist, 'mode' | 'locked'>, draft: Draft) =>
  draft.entries.filter(({ isNew, isEdited, isGone }) => (isGone ? !isNew : isNew || isEdited)).length +
  (saved.mode === draft.mode ? 0 : 1) +
  (saved.locked === draft.locked ? 0 : 1);

/** Takes an entry off: a new one is gone at once, a saved one stays, struck, until the lists are saved. */
export function takeOff(draft: Draft, value: string): Draft {
  return {
    ...draft,
    entries: draft.entries.flatMap((entry) =>
      entry.value !== value ? [entry] : entry.isNew ? [] : [{ ...entry, isGone: true }],
    ),
  };
}

export const putBack = (draft: Draft, value: string): Draft => ({
  ...draft,
  entries: draft.entries.map((entry) => (entry.value === value ? { ...entry, isGone: false } : entry)),
});

/** Gives an entry another note or end. */
export const edit = (draft: Draft, { value, note, until }: Added): Draft => ({
  ...draft,
  entries: draft.entries.map((entry) =>
    entry.value === value && (entry.note !== note || entry.until !== until)
      ? { ...entry, note, until, isEdited: true }
      : entry,
  ),
});

/** Adds entries at the end; one that was taken off comes back with its new note and end. */
export function add(draft: Draft, added: readonly Added[]): Draft {
  const entries = [...draft.entries];
  for (const { value, note, until } of added) {
    const place = entries.findIndex((entry) => entry.value === value);
    const old = entries[place];
    if (old) {
      const isEdited = old.isEdited || (note !== null && note !== old.note) || (until !== null && until !== old.until);
      entries[place] = { ...old, note: note ?? old.note, until: until ?? old.until, isEdited, isGone: false };
    } else entries.push({ value, note, until, isNew: true, isEdited: false, isGone: false });
  }
  return { ...draft, entries };
}

/** The moment at which a day is over in the reader's zone, for an entry that is good "until 24 Nov". */
export function endOf(date: string): string | null {
  const [year, month, day] = date.split('-').map(Number);
  return year && month && day ? new Date(year, month - 1, day + 1).toISOString() : null;
}

/** The last day on which an entry with this end is good, as a field for dates writes it. */
export function lastDayOf(until: string | null): string {
  if (until === null) return '';
  const last = new Date(Date.parse(until) - 1);
  const two = (figure: number) => String(figure).padStart(2, '0');
  return `${last.getFullYear()}-${two(last.getMonth() + 1)}-${two(last.getDate())}`;
}

/** The entry that a refusal names, as in `addresses.entries[3].value` or `domains.entries`. */
export function namedEntry(field: string | undefined | null): { kind: Kind; place: number | null } | null {
  const found = /^(addresses|domains|methods|contracts)(?:\D*(\d+))?/.exec(field ?? '');
  return found ? { kind: found[1] as Kind, place: found[2] === undefined ? null : Number(found[2]) } : null;
}
