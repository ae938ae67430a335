// The lists of a key while one changes them: what was saved, what is added, what is taken off, what is wrong.
import type { Allowlist } from '../api/nouns';

export type Kind = 'addresses' | 'domains';
export type Mode = Allowlist['mode'];
/** `isNew` is not saved yet; `isGone` is taken off by the next save and can be put back. */
export type Entry = { value: string; note: string | null; isNew: boolean; isGone: boolean };
export type Draft = { mode: Mode; entries: Entry[] };
export type LineProblem = { line: number; text: string; problem: string };

/** Entries in one list, as the API allows. */
export const ENTRY_LIMIT = 1_000;
const NOTE_LIMIT = 200;

export const draftOf = ({ mode, entries }: Allowlist): Draft => ({
  mode,
  entries: entries.map(({ value, note }) => ({ value, note: note ?? null, isNew: false, isGone: false })),
});

export const listOf = ({ mode, entries }: Draft): Allowlist => ({
  mode,
  entries: entries.filter(({ isGone }) => !isGone).map(({ value, note }) => ({ value, note })),
});

export const changesIn = (saved: Allowlist, draft: Draft) =>
  draft.entries.filter(({ isNew, isGone }) => isNew !== isGone).length + (saved.mode === draft.mode ? 0 : 1);

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

/** Adds entries at the end; one that was taken off comes back with its new note. */
export function add(draft: Draft, added: readonly { value: string; note: string | null }[]): Draft {
  const entries = [...draft.entries];
  for (const { value, note } of added) {
    const place = entries.findIndex((entry) => entry.value === value);
    const old = entries[place];
    if (old) entries[place] = { ...old, note: note ?? old.note, isGone: false };
    else entries.push({ value, note, isNew: true, isGone: false });
  }
  return { ...draft, entries };
}

/**
 * Lines as people paste them: an entry, then a note behind a space, a comma, a tab or a `#`. Empty lines and lines that
 * begin with `#` are left out.
 */
export function readLines(
  kind: Kind,
  text: string,
): { entries: { value: string; note: string | null }[]; problems: LineProblem[] } {
  const entries: { value: string; note: string | null }[] = [];
  const problems: LineProblem[] = [];
  const seen = new Set<string>();
  text.split(/\r?\n/).forEach((raw, i) => {
    const [, first = '', rest = ''] = /^\s*([^\s,;#]*)[\s,;]*#?\s*(.*?)\s*$/.exec(raw) ?? [];
    if (first === '') return;
    const value = kind === 'domains' ? first.toLowerCase() : first;
    const problem =
      problemOf(kind, value) ??
      (seen.has(value)
        ? 'stands twice'
        : rest.length > NOTE_LIMIT
          ? `has a note of more than ${NOTE_LIMIT} characters`
          : null);
    if (problem) problems.push({ line: i + 1, text: first, problem });
    else entries.push({ value, note: rest || null });
    seen.add(value);
  });
  return { entries, problems };
}

/** What is plainly wrong with an entry; the API has the last word. */
export const problemOf = (kind: Kind, value: string): string | null =>
  kind === 'addresses' ? addressProblem(value) : domainProblem(value);

function addressProblem(value: string): string | null {
  const [address = '', prefix, more] = value.split('/');
  const six = address.includes(':');
  if (more !== undefined) return 'has more than one /';
  if (six ? !/^[0-9a-f:.]+$/i.test(address) || (address.match(/::/g)?.length ?? 0) > 1 : !isFour(address))
    return 'is no IPv4 or IPv6 address';
  if (prefix !== undefined && (!/^\d{1,3}$/.test(prefix) || Number(prefix) > (six ? 128 : 32)))
    return `has no length from 0 to ${six ? 128 : 32} behind the /`;
  return null;
}

const isFour = (address: string) =>
  /^\d{1,3}(\.\d{1,3}){3}$/.test(address) &&
  address.split('.').every((part) => Number(part) <= 255 && String(Number(part)) === part);

function domainProblem(value: string): string | null {
  if (value.includes('/')) return 'is an address of a page; write the domain only, such as example.com';
  const host = value.replace(/^\*\./, '').replace(/:\d+$/, '');
  if (host.includes('*')) return 'has a * that is not in front, as in *.example.com';
  return /^[\p{L}\d]([\p{L}\d-]*[\p{L}\d])?(\.[\p{L}\d]([\p{L}\d-]*[\p{L}\d])?)*$/u.test(host) ? null : 'is no domain';
}

/** The entry that a refusal names, as in `addresses.entries[3].value` or `domains[3]`. */
export function namedEntry(field: string | undefined | null): { kind: Kind; place: number } | null {
  const found = /^(addresses|domains)\D*(\d+)/.exec(field ?? '');
  return found ? { kind: found[1] as Kind, place: Number(found[2]) } : null;
}
