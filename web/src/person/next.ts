// Where one goes after signing in: only ever a page of this dashboard.

/** No origin of this name can exist: it only tells whether an address would leave the dashboard. */
const HERE = 'https://dashboard.invalid';

/** The page asked for, if it is one of ours; `//elsewhere.example` and `https:` are not. */
export function safeNext(next: string | undefined): string {
  if (next === undefined || !next.startsWith('/') || !URL.canParse(next, HERE)) return '/';
  const { origin, pathname, search, hash } = new URL(next, HERE);
  return origin === HERE ? `${pathname}${search}${hash}` : '/';
}
