// Keys by environment: the three that most teams have, then a team's own words.
import type { Key } from '../api/nouns';

export const ENVIRONMENTS = ['Production', 'Pre-production', 'Development'] as const;

export type Environment = { name: string; keys: Key[]; calls: number };

/** Environments that have keys, production first, own words by name behind the three; keys by name. */
export function byEnvironment(keys: readonly Key[]): Environment[] {
  const found = new Map<string, Key[]>();
  for (const key of keys) found.set(key.environment, [...(found.get(key.environment) ?? []), key]);
  return [...found]
    .sort(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b))
    .map(([name, list]) => ({
      name,
      keys: list.sort((a, b) => a.name.localeCompare(b.name)),
      calls: list.reduce((sum, key) => sum + key.calls_24h, 0),
    }));
}

const rank = (name: string) => {
  const place = ENVIRONMENTS.findIndex((known) => known === name);
  return place < 0 ? ENVIRONMENTS.length : place;
};
