// A trail: its filters, its rows page by page, the change that is open, and the way to a file.
import { Button, Drawer, Group, Menu, Skeleton } from '@mantine/core';
import { IconDownload, IconHistory } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Empty } from '../ui/empty';
import { Refused } from '../ui/notice';
import { Panel } from '../ui/panel';
import { useUrl } from '../ui/url';
import { ChangeFacts } from './ChangeFacts';
import { fileOf, parseTrail, trailQuery, type Whose } from './trail';
import { TrailFilters, type People } from './TrailFilters';
import { TrailTable } from './TrailTable';

type TrailProps = { whose: Whose; people: People };

export function Trail({ whose, people }: TrailProps) {
  const [search, change] = useUrl();
  const filter = parseTrail(search, whose);
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(trailQuery(whose, filter));
  const changes = data?.pages.flatMap((page) => page.changes) ?? [];
  const shown = changes.find(({ id }) => id === search.change);
  const isFiltered = Object.keys(filter).length > 0;
  const file = (format: 'csv' | 'jsonl') => ({ component: 'a' as const, href: fileOf(whose, filter, format), download: true });
  return (
    <>
      <Group justify="space-between" align="end" gap="xs">
        <TrailFilters filter={filter} people={people} change={(part) => change({ ...part, change: undefined })} />
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" leftSection={<IconDownload size={15} />}>
              Export
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>{isFiltered ? 'The rows of this filter' : 'The whole trail'}</Menu.Label>
            <Menu.Item {...file('csv')}>CSV, for tables</Menu.Item>
            <Menu.Item {...file('jsonl')}>JSON Lines, for programs</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Group>
      <Refused error={error} />
      {!data && !error && <Skeleton h={320} radius="lg" />}
      {data && changes.length === 0 && (
        <Panel>
          <Empty icon={<IconHistory size={20} />} title={isFiltered ? 'No such change' : 'No changes yet'}>
            {isFiltered ? 'Nobody did this in this time. Widen the filter above.' : 'Whoever changes something is named here.'}
          </Empty>
        </Panel>
      )}
      {changes.length > 0 && (
        <Panel
          flush
          footer={
            hasNextPage && (
              <Button variant="subtle" size="compact-sm" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
                Earlier changes
              </Button>
            )
          }
        >
          <TrailTable changes={changes} open={(id) => change({ change: id }, true)} />
        </Panel>
      )}
      <Drawer opened={shown !== undefined} onClose={() => change({ change: undefined })} title="Change" size={560}>
        {shown && <ChangeFacts change={shown} />}
      </Drawer>
    </>
  );
}
