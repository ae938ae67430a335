// Values that others replaced and that still work: who calls with them, so that nobody is cut off when they end.
import { Skeleton, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useAccountId } from '../account/seat';
import type { Key, ReplacedValue } from '../api/nouns';
import { Mono } from '../ui/mono';
import { Refused } from '../ui/notice';
import { useNow } from '../ui/now';
import { Panel } from '../ui/panel';
import { dayAndClock } from '../ui/time';
import { When } from '../ui/when';
import { replacedQuery } from './query';

export function StillUsed({ apiKey: key }: { apiKey: Key }) {
  const { data: values, error } = useQuery(replacedQuery(useAccountId(), key.id));
  return (
    <>
      <Refused error={error} />
      {!values && !error && <Skeleton h={120} radius="lg" />}
      {values?.map((replaced) => <Callers key={replaced.value.id} replaced={replaced} />)}
    </>
  );
}

/** One replaced value, and who called with it since. */
function Callers({ replaced: { value, callers, has_more } }: { replaced: ReplacedValue }) {
  const now = useNow();
  const until = value.expires_at === null ? '' : ` until ${dayAndClock(value.expires_at, now)}`;
  const title = (
    <>
      Who still uses <Mono>{value.mask}</Mono>
    </>
  );
  return (
    <Panel title={title} hint={`${value.member?.name ?? 'Service'}’s, replaced; it works${until}`} flush>
      {callers === null || callers.length === 0 ? (
        <Text px="lg" py="sm" size="sm" c="dimmed">
          {callers === null
            ? 'Others’ calls are shown to those who may see the figures of this key.'
            : 'Nobody has called with it since it was replaced. It can be revoked without breaking a program that runs.'}
        </Text>
      ) : (
        <Table aria-label={`Who still uses ${value.mask}`} horizontalSpacing="lg">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Address</Table.Th>
              <Table.Th>Program</Table.Th>
              <Table.Th>Last call</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {callers.map(({ address, agent, last_at }) => (
              <Table.Tr key={`${address} ${agent}`}>
                <Table.Td>{address === null ? 'unknown' : <Mono>{address}</Mono>}</Table.Td>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>{agent ?? 'without a name'}</Table.Td>
                <Table.Td>
                  <When at={last_at} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {has_more && (
        <Text px="lg" py="sm" size="xs" c="dimmed">
          The {callers?.length} who called last; there are more.
        </Text>
      )}
    </Panel>
  );
}
