// The latest changes that people made, from the audit trail.
import { Button, Group, Skeleton, Text, Timeline } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { infiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query';
import { answer, client } from '../api/client';
import type { Change } from '../api/nouns';
import { Empty } from '../ui/empty';
import { Face } from '../ui/face';
import { Panel } from '../ui/panel';
import { When } from '../ui/when';
import { useAccountId } from './seat';

const PAGE = 6;
const EVERY_MS = 15_000;

const changesQuery = (account: string) =>
  infiniteQueryOptions({
    queryKey: ['audit', account],
    queryFn: ({ pageParam }) =>
      answer(
        client.GET('/accounts/{account}/audit', {
          params: { path: { account }, query: { limit: PAGE, before: pageParam ?? undefined } },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    refetchInterval: EVERY_MS,
  });

const rail = {
  itemBullet: { border: 0, background: 'transparent' },
  item: { '--item-border-color': 'var(--kw-hairline)' } as object,
};

export function ChangesPanel() {
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(changesQuery(useAccountId()));
  const changes = data?.pages.flatMap((page) => page.changes) ?? [];
  const footer = hasNextPage && (
    <Button
      variant="subtle"
      size="compact-sm"
      ml={-8}
      loading={isFetchingNextPage}
      onClick={() => void fetchNextPage()}
    >
      Earlier changes
    </Button>
  );
  return (
    <Panel title="Latest changes" h="100%" footer={footer}>
      {!data && <Skeleton h={220} />}
      {data && changes.length === 0 && (
        <Empty icon={<IconHistory size={20} />} title="No changes yet">
          Whoever changes a key, a member or a list is named here.
        </Empty>
      )}
      <Timeline bulletSize={24} lineWidth={1} color="gray" styles={rail}>
        {changes.map((change, i) => (
          <Timeline.Item
            key={change.id}
            bullet={<Face id={change.member_id} name={change.name} size={24} />}
            mt={i ? 16 : 0}
          >
            <OneChange change={change} />
          </Timeline.Item>
        ))}
      </Timeline>
    </Panel>
  );
}

function OneChange({ change }: { change: Change }) {
  return (
    <>
      <Group justify="space-between" wrap="nowrap" align="start" gap="xs">
        <Text size="sm" lh={1.4} style={{ overflowWrap: 'anywhere' }}>
          {change.name.split(' ')[0]} {change.sentence}
        </Text>
        <Text span size="xs" c="dimmed" mt={2}>
          <When at={change.time} />
        </Text>
      </Group>
      <Text size="xs" c="dimmed" truncate>
        {change.subject_name || change.name}
      </Text>
    </>
  );
}
