// The log as a table for wide screens: rows outside the view are not in the page.
import { Box, Group, Table, Text, UnstyledButton } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { RequestRow } from '../api/nouns';
import { ApiTag } from '../ui/api';
import { Face } from '../ui/face';
import { took } from '../ui/format';
import { Mono } from '../ui/mono';
import { OutcomeMark } from '../ui/outcome';
import { clockWithMillis, utc } from '../ui/time';
import { Charge } from './Charge';
import { listsOf, verdictOf, wordOf } from './verdict';

const ROW = 38;
const OVERSCAN = 8;
/** This close to the last row, the next page is fetched. */
const AHEAD = 20;

type TableProps = {
  calls: readonly RequestRow[];
  open: (call: RequestRow) => void;
  mah: string;
  label: string;
  more: (() => void) | null;
};

export function CallTable({ calls, open, mah, label, more }: TableProps) {
  const frame = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: calls.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW,
    overscan: OVERSCAN,
    getItemKey: (i) => calls[i]?.row ?? i,
  });
  const items = virtual.getVirtualItems();
  const above = items[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= calls.length - AHEAD) more();
  }, [more, last, calls.length]);
  return (
    <Box ref={frame} mah={mah} tabIndex={0} role="region" aria-label={label} style={{ overflow: 'auto' }}>
      <Table
        stickyHeader
        aria-label={label}
        aria-rowcount={more ? -1 : calls.length + 1}
        verticalSpacing={0}
        horizontalSpacing="sm"
        layout="fixed"
        miw={960}
        styles={{
          thead: { background: 'var(--mantine-color-body)' },
          td: { height: ROW, whiteSpace: 'nowrap', overflow: 'hidden' },
        }}
      >
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={122} ps="lg">
              Time
            </Table.Th>
            <Table.Th w={138}>Member</Table.Th>
            <Table.Th w={132}>Key</Table.Th>
            <Table.Th>Call</Table.Th>
            <Table.Th w={186}>Outcome</Table.Th>
            <Table.Th w={72} ta="right">
              Charge
            </Table.Th>
            <Table.Th w={80} ta="right" pe="lg">
              Took
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {above > 0 && (
            <tr aria-hidden>
              <td style={{ height: above, padding: 0 }} />
            </tr>
          )}
          {items.map((item) => {
            const call = calls[item.index];
            return call && <CallRow key={call.row} call={call} place={item.index + 2} open={open} />;
          })}
          {below > 0 && (
            <tr aria-hidden>
              <td style={{ height: below, padding: 0 }} />
            </tr>
          )}
        </Table.Tbody>
      </Table>
    </Box>
  );
}

function CallRow({ call, place, open }: { call: RequestRow; place: number; open: (call: RequestRow) => void }) {
  const verdict = verdictOf(call);
  return (
    <Table.Tr aria-rowindex={place} style={{ cursor: 'pointer' }} onClick={() => open(call)}>
      <Table.Td ps="lg">
        <UnstyledButton mih={24} title={utc(call.time)} aria-label={`Open the call of ${clockWithMillis(call.time)}`}>
          <Mono>{clockWithMillis(call.time)}</Mono>
        </UnstyledButton>
      </Table.Td>
      <Table.Td>
        <Group gap={7} wrap="nowrap">
          <Face id={call.member?.id ?? null} name={call.member?.name ?? 'Service'} size={20} />
          <Text size="sm" truncate>
            {call.member?.name ?? 'Service'}
          </Text>
        </Group>
      </Table.Td>
      <Table.Td>
        <Text size="sm" truncate>
          {call.key.name}
        </Text>
      </Table.Td>
      <Table.Td>
        <CallName call={call} />
      </Table.Td>
      <Table.Td>
        <Group gap={7} wrap="nowrap">
          <OutcomeMark outcome={verdict} />
          {call.denial ? (
            <Mono truncate title={call.denial}>{call.denial}</Mono>
          ) : (
            <Text
              size="sm"
              c={verdict === 'observed' ? 'var(--kw-observed-text)' : 'dimmed'}
              truncate
              title={verdict === 'observed' ? `By ${listsOf(call)}, merely observed` : undefined}
            >
              {wordOf(call)}
            </Text>
          )}
          {call.count > 1 && (
            <Text span size="xs" c="dimmed">
              ×{call.count}
            </Text>
          )}
        </Group>
      </Table.Td>
      <Table.Td ta="right">
        <Charge call={call} />
      </Table.Td>
      <Table.Td ta="right" pe="lg">
        <Text span size="sm" c={verdict === 'denied' ? 'dimmed' : undefined}>
          {call.state === 'open' ? '—' : took(call.latency_us)}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}

function CallName({ call }: { call: RequestRow }) {
  return (
    <Group gap={8} wrap="nowrap">
      <Mono truncate title={call.method}>{call.method}</Mono>
      <ApiTag name={call.network ?? call.api} />
      {call.via === 'tester' && (
        <Text span size="xs" c="dimmed">
          tester
        </Text>
      )}
      {call.batch && (
        <Text span size="xs" c="dimmed">
          batch
        </Text>
      )}
    </Group>
  );
}
