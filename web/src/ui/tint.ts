// Which of the six tints an id has, and the initials of a name.
import { useSyncExternalStore } from 'react';

/** Tints 1 to 5 are for people and keys; the sixth means "other" and is nobody's. */
const PERSONAL_TINTS = 5;

export const OTHER_TINT = 'var(--kw-6)';

/** The place of each member in their account: neighbours in a list never share a tint. */
const places = new Map<string, number>();

const watchers = new Set<() => void>();

/** Told by the list of members, in the order in which they came; a place once given is kept. */
export function placeTints(ids: readonly string[]) {
  const fresh = ids.filter((id) => !places.has(id));
  for (const id of fresh) places.set(id, places.size);
  if (fresh.length > 0) for (const tell of watchers) tell();
}

const watch = (tell: () => void) => {
  watchers.add(tell);
  return () => watchers.delete(tell);
};

/** As `tintOf`, and drawn again when the list of members gives the id its place. */
export const useTint = (id: string | null) => useSyncExternalStore(watch, () => tintOf(id));

/** The CSS colour of an id. An id that no list named yet has one that depends on nothing but the id. */
export function tintOf(id: string | null): string {
  if (id === null) return OTHER_TINT;
  return `var(--kw-${((places.get(id) ?? sumOf(id)) % PERSONAL_TINTS) + 1})`;
}

function sumOf(id: string): number {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + letter.codePointAt(0)!) >>> 0;
  return sum;
}

/** At most two letters: of the first word and of the last. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const first = [...(words[0] ?? '?')][0] ?? '?';
  const last = words.length > 1 ? ([...(words[words.length - 1] ?? '')][0] ?? '') : '';
  return (first + last).toLocaleUpperCase();
}
