// The URL holds the state: filters, ranges, tabs and what is open, so that a link shows what one sees.
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

export type Search = { [name: string]: string | undefined };

/** Plain `?a=b&c=d`, without the quotes the router would add. */
export const parseSearch = (text: string): Search => Object.fromEntries(new URLSearchParams(text));

export function stringifySearch(search: Record<string, unknown>): string {
  const text = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (value !== undefined && value !== null && value !== '') text.set(name, String(value));
  }
  const joined = text.toString();
  return joined === '' ? '' : `?${joined}`;
}

/** The search of the page and a way to change some of it; `undefined` takes a name out. */
export function useUrl(): [Search, (change: Search, push?: boolean) => void] {
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const change = useCallback(
    (part: Search, push = false) =>
      void navigate({ to: '.', search: (old: Search) => ({ ...old, ...part }), replace: !push, resetScroll: false }),
    [navigate],
  );
  return [search, change];
}
