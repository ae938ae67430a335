// What a list that merely observes would have denied lately: how many calls, and the way to them.
import { useQuery } from '@tanstack/react-query';
import { useAccountId } from '../account/seat';
import { statsQuery } from '../account/stats';
import { paths } from '../paths';
import { plural } from '../ui/format';
import { TextLink } from '../ui/links';
import type { Search } from '../ui/url';
import type { Kind } from './allowlist';

const range = '7d';

/** `of` says which calls pass the list, as the address of the log does. */
export function ObservedCalls({ kind, of }: { kind: Kind; of: Search }) {
  const { data } = useQuery(statsQuery(useAccountId(), { range, ...of }));
  if (!data) return null;
  const calls = data.by_observed.find(({ list }) => list === kind)?.calls ?? 0;
  if (calls === 0) return 'None in the last 7 days.';
  return (
    <TextLink to={paths.requests} search={{ ...of, observed: kind, range }} size="xs" underline="always">
      {plural(calls, 'call')} in the last 7 days
    </TextLink>
  );
}
