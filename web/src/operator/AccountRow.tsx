// One account in the operator's table.
import { Table, Text } from '@mantine/core';
import type { OperatorAccountRow } from '../api/nouns';
import { paths } from '../paths';
import { int } from '../ui/format';
import { TextLink } from '../ui/links';
import { AccountStatus } from './AccountStatus';

export function AccountRow({ account }: { account: OperatorAccountRow }) {
  const { id, name, owner, members, keys, plans, today } = account;
  return (
    <Table.Tr>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>
        <TextLink to={paths.operatorAccount} params={{ account: id }} size="sm" fw={560}>
          {name}
        </TextLink>
        <Text size="xs" c="dimmed" hiddenFrom="sm">
          {owner?.email}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm" style={{ overflowWrap: 'anywhere' }}>
        {owner && (
          <>
            <Text size="sm">{owner.name}</Text>
            <Text size="xs" c="dimmed">
              {owner.email}
            </Text>
          </>
        )}
      </Table.Td>
      <Table.Td>
        <AccountStatus account={account} />
      </Table.Td>
      <Table.Td visibleFrom="md">
        {plans.map(({ api, plan }) => (
          <Text key={api} size="sm">
            {api}{' '}
            <Text span c="dimmed" inherit>
              {plan}
            </Text>
          </Text>
        ))}
      </Table.Td>
      <Table.Td visibleFrom="md" ta="right">{int(members)}</Table.Td>
      <Table.Td visibleFrom="md" ta="right">{int(keys)}</Table.Td>
      <Table.Td visibleFrom="sm" ta="right">{int(today.calls)}</Table.Td>
      <Table.Td visibleFrom="md" ta="right">{int(today.credits)}</Table.Td>
    </Table.Tr>
  );
}
