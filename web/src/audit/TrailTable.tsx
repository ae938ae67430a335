// The rows of a trail: when, who, what; a click shows what it was and what it is.
import { Group, Table, Text, UnstyledButton } from '@mantine/core';
import type { Change } from '../api/nouns';
import { Face } from '../ui/face';
import { Mono } from '../ui/mono';
import { When } from '../ui/when';

export function TrailTable({ changes, open }: { changes: readonly Change[]; open: (id: string) => void }) {
  return (
    <Table aria-label="Changes" horizontalSpacing="lg">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Who</Table.Th>
          <Table.Th>What</Table.Th>
          <Table.Th visibleFrom="md">Action</Table.Th>
          <Table.Th visibleFrom="md">From</Table.Th>
          <Table.Th visibleFrom="sm" ta="right">When</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {changes.map((change) => (
          <ChangeRow key={change.id} change={change} open={() => open(change.id)} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function ChangeRow({ change, open }: { change: Change; open: () => void }) {
  const { member_id, name, sentence, action, address, time } = change;
  return (
    <Table.Tr onClick={open} style={{ cursor: 'pointer' }}>
      <Table.Td>
        <Group gap={8} wrap="nowrap">
          <Face id={member_id} name={name} size={22} />
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>{name}</Text>
        </Group>
      </Table.Td>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>
        <UnstyledButton fz="sm" mih={24} ta="start" aria-label={`Open: ${name} ${sentence}`}>
          {sentence}
        </UnstyledButton>
        <Text size="xs" c="dimmed" hiddenFrom="sm">
          <When at={time} />
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="md">
        <Mono>{action}</Mono>
      </Table.Td>
      <Table.Td visibleFrom="md">{address ?? <Text span size="sm" c="dimmed">—</Text>}</Table.Td>
      <Table.Td visibleFrom="sm" ta="right">
        <When at={time} as="day" />
      </Table.Td>
    </Table.Tr>
  );
}
