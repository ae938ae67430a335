// What a change changed, field by field.
export type FieldDiff = { name: string; before: string | null; after: string | null; changed: boolean };

type Facts = Record<string, unknown> | null;

/** Every field of either side, those that differ first; null where a side does not have it. */
export function diffOf(before: Facts, after: Facts): FieldDiff[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  const fields = names.map((name) => {
    const [old, now] = [words(before?.[name]), words(after?.[name])];
    return { name, before: old, after: now, changed: old !== now };
  });
  return fields.toSorted((a, b) => Number(b.changed) - Number(a.changed));
}

function words(value: unknown): string | null {
  if (value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value, null, 1);
}
