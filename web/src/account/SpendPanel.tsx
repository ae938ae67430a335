// Who spends what: by member or by key, in calls, requests or credits.
import { Box, Group, Progress, SegmentedControl, Skeleton, Stack, Table, Text } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import type { Spend, Stats } from '../api/nouns';
import { TableSwitch } from '../ui/charts';
import { Empty } from '../ui/empty';
import { Face } from '../ui/face';
import { int, percent } from '../ui/format';
import { Panel } from '../ui/panel';
import { rangeWord, type Range } from '../ui/range';
import { useTint } from '../ui/tint';

const MEASURES = { calls: 'Calls', requests: 'Requests', credits: 'Credits' } as const;
type Measure = keyof typeof MEASURES;
const MOST = 7;

export function SpendPanel({ stats, range }: { stats: Stats | undefined; range: Range }) {
  const [by, setBy] = useState('member');
  const [chosen, setMeasure] = useState<Measure | null>(null);
  const [table, setTable] = useState(false);
  const measure = chosen ?? (stats && stats.totals.credits > stats.totals.requests ? 'credits' : 'requests');
  const rows = [...((by === 'member' ? stats?.by_member : stats?.by_key) ?? [])].sort(
    (a, b) => b[measure] - a[measure],
  );
  const actions = (
    <>
      <TableSwitch on={table} flip={() => setTable(!table)} />
      <SegmentedControl
        aria-label="Measure"
        data={Object.entries(MEASURES).map(([value, label]) => ({ value, label }))}
        value={measure}
        onChange={(next) => setMeasure(next as Measure)}
      />
      <SegmentedControl
        aria-label="Split by"
        data={[
          { value: 'member', label: 'Members' },
          { value: 'key', label: 'Keys' },
        ]}
        value={by}
        onChange={setBy}
      />
    </>
  );
  return (
    <Panel title="Who spends what" hint={`in the last ${rangeWord(range)}`} h="100%" actions={actions}>
      {!stats && <Skeleton h={220} />}
      {stats && rows.length === 0 && (
        <Empty icon={<IconUsers size={20} />} title="Nobody called">
          What members and keys spend is shown here, largest first.
        </Empty>
      )}
      {rows.length > 0 &&
        (table ? (
          <SpendTable rows={rows} by={by} />
        ) : (
          <SpendBars
            rows={rows.slice(0, MOST)}
            measure={measure}
            sum={rows.reduce((total, row) => total + row[measure], 0)}
          />
        ))}
      {!table && rows.length > MOST && (
        <Text size="xs" c="dimmed" mt="sm">
          and {rows.length - MOST} more in the table
        </Text>
      )}
    </Panel>
  );
}

function SpendBars({ rows, measure, sum }: { rows: readonly Spend[]; measure: Measure; sum: number }) {
  const most = Math.max(1, ...rows.map((row) => row[measure]));
  return (
    <Stack gap={14} pt={4}>
      {rows.map((row) => (
        <SpendBar key={row.id ?? row.name} row={row} measure={measure} sum={sum} most={most} />
      ))}
    </Stack>
  );
}

function SpendBar({ row, measure, sum, most }: { row: Spend; measure: Measure; sum: number; most: number }) {
  const tint = useTint(row.id);
  const amount = row[measure];
  return (
    <Group gap={10} wrap="nowrap">
      <Face id={row.id} name={row.name} size={26} />
      <Box flex={1} miw={0}>
        <Group justify="space-between" wrap="nowrap" gap="xs">
          <Text size="sm" truncate>
            {row.name}
          </Text>
          <Text size="sm" style={{ whiteSpace: 'nowrap' }}>
            <Text span inherit fw={560}>
              {int(amount)}
            </Text>{' '}
            <Text span size="xs" c="dimmed">
              {percent(amount, sum)}
            </Text>
          </Text>
        </Group>
        <Progress
          value={(amount / most) * 100}
          size={6}
          mt={4}
          color={tint}
          aria-label={`${row.name}: ${int(amount)} ${measure}`}
        />
      </Box>
    </Group>
  );
}

function SpendTable({ rows, by }: { rows: readonly Spend[]; by: string }) {
  return (
    <Table.ScrollContainer
      minWidth={420}
      maxHeight={300}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': 'Who spends what' } }}
    >
      <Table aria-label="Who spends what" verticalSpacing={5} stickyHeader>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{by === 'member' ? 'Member' : 'Key'}</Table.Th>
            <Table.Th ta="right">Calls</Table.Th>
            <Table.Th ta="right">Denied</Table.Th>
            <Table.Th ta="right">Requests</Table.Th>
            <Table.Th ta="right">Credits</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.id ?? row.name}>
              <Table.Td>{row.name}</Table.Td>
              <Table.Td ta="right">{int(row.calls)}</Table.Td>
              <Table.Td ta="right">{int(row.denied)}</Table.Td>
              <Table.Td ta="right">{int(row.requests)}</Table.Td>
              <Table.Td ta="right">{int(row.credits)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
