// The request log: the same under Requests, My Team and a member's page, with the drawer behind each row.
import { Button, Card, Skeleton, Stack, useMatches } from '@mantine/core';
import { IconListSearch } from '@tabler/icons-react';
import { useMemo, type ReactNode } from 'react';
import type { RequestRow } from '../api/nouns';
import { paths } from '../paths';
import { Empty } from '../ui/empty';
import { ButtonLink } from '../ui/links';
import { Refused } from '../ui/notice';
import { useUrl } from '../ui/url';
import { CallDrawer } from './CallDrawer';
import { CallTable } from './CallTable';
import { CallTiles } from './CallTiles';
import { isEmpty, type RequestFilter } from './filter';
import { useCalls } from './query';

type CallsProps = {
  filter: RequestFilter;
  onFilter(filter: RequestFilter): void;
  /** Whether newer calls join while one looks. */
  live?: boolean;
  /** How tall the table may get; a phone shows tiles without a frame. */
  mah?: string;
  /** What to say instead of the usual words when there is nothing to show. */
  nothing?: ReactNode;
};

export function Calls({
  filter,
  onFilter,
  live = true,
  mah = 'max(360px, calc(100dvh - 420px))',
  nothing,
}: CallsProps) {
  const [, change] = useUrl();
  const { calls, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage } = useCalls(filter, live);
  const wide = useMatches({ base: false, sm: true }, { getInitialValueInEffect: false });
  const open = (call: RequestRow) => change({ call: call.id, row: call.batch ? call.row : undefined });
  const more = useMemo(
    () => (hasNextPage && !isFetchingNextPage ? () => void fetchNextPage() : null),
    [hasNextPage, isFetchingNextPage, fetchNextPage],
  );
  return (
    <>
      <Refused error={error} />
      <Card p={0}>
        {isPending && !error && <Waiting />}
        {!isPending && calls.length === 0 && (nothing ?? <NoCalls filter={filter} onFilter={onFilter} />)}
        {calls.length > 0 &&
          (wide ? (
            <CallTable calls={calls} open={open} mah={mah} label="Requests" more={more} />
          ) : (
            <CallTiles calls={calls} open={open} more={more} />
          ))}
      </Card>
      <CallDrawer calls={calls} filter={filter} onFilter={onFilter} />
    </>
  );
}

function NoCalls({ filter, onFilter }: Pick<CallsProps, 'filter' | 'onFilter'>) {
  const icon = <IconListSearch size={20} />;
  if (isEmpty(filter)) {
    return (
      <Empty
        icon={icon}
        title="No calls yet"
        action={
          <ButtonLink to={paths.tester} variant="default">
            Open the tester
          </ButtonLink>
        }
      >
        They appear here within a second of being made. Send the first one with the tester.
      </Empty>
    );
  }
  return (
    <Empty
      icon={icon}
      title="No call is like this"
      action={
        <Button variant="default" onClick={() => onFilter({})}>
          Show all calls
        </Button>
      }
    >
      Nothing in the log passes the filters above. Take one off, or look at a longer time.
    </Empty>
  );
}

/** The table to come, at its height. */
function Waiting() {
  return (
    <Stack gap={14} p="lg" aria-busy aria-label="Loading the log">
      {Array.from({ length: 10 }, (_, i) => (
        <Skeleton key={i} h={18} />
      ))}
    </Stack>
  );
}
