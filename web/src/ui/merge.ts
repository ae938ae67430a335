// Two changed the same thing: what one changed is put on top of what the other made of it, so that both changes stand.

/** Lines by name: theirs, with those that I added or changed as I have them, and without those that I took off. */
export function mergedLines<Line>(
  base: readonly Line[],
  mine: readonly Line[],
  theirs: readonly Line[],
  nameOf: (line: Line) => string,
): Line[] {
  const byName = (lines: readonly Line[]) => new Map(lines.map((line) => [nameOf(line), line]));
  const [old, own, other] = [byName(base), byName(mine), byName(theirs)];
  const isSame = (a: Line | undefined, b: Line | undefined) => JSON.stringify(a) === JSON.stringify(b);
  const isMine = (name: string) => !isSame(own.get(name), old.get(name));
  const kept = theirs.flatMap((line) => (isMine(nameOf(line)) ? (own.get(nameOf(line)) ?? []) : [line]));
  const added = mine.filter((line) => isMine(nameOf(line)) && !other.has(nameOf(line)));
  return [...kept, ...added];
}

/** One value: mine, if I changed it. */
export const merged = <Value>(base: Value, mine: Value, theirs: Value): Value =>
  JSON.stringify(base) === JSON.stringify(mine) ? theirs : mine;

/** Each field by itself. */
export function mergedFields<Fields extends object>(base: Fields, mine: Fields, theirs: Fields): Fields {
  const names = Object.keys(theirs) as (keyof Fields)[];
  return Object.fromEntries(names.map((name) => [name, merged(base[name], mine[name], theirs[name])])) as Fields;
}
