// A key's version after a change of one's own: other forms on the page were made from the version before, and lack nothing.
import type { QueryClient } from '@tanstack/react-query';

/** The cache's names of what is saved with a version of a key. */
export const versioned = {
  limits: (account: string, key: string) => ['limits', account, key] as const,
  lists: (account: string, key: string) => ['allowlists', account, key] as const,
};

/** Tells forms that were made from version `from` that theirs is `to` now. Forms from an older one keep it, and are refused. */
export function versionMoved(cache: QueryClient, account: string, key: string, from: number, to: number) {
  const moved = (of: { version: number } | undefined) => of && (of.version === from ? { ...of, version: to } : of);
  cache.setQueryData(versioned.limits(account, key), moved);
  cache.setQueryData(versioned.lists(account, key), moved);
}
