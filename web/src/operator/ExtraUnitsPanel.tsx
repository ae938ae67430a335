// What an operator gave beyond the plan: to which quota, how many, why, and until when.
import { Button, Table, Text } from '@mantine/core';
import { IconGift, IconPlus } from '@tabler/icons-react';
import type { OperatorAccount } from '../api/nouns';
import { Empty } from '../ui/empty';
import { int, perPeriod } from '../ui/format';
import { Panel } from '../ui/panel';
import { useUrl } from '../ui/url';
import { When } from '../ui/when';
import { Why } from '../ui/why';
import { GiveUnits } from './GiveUnits';

export function ExtraUnitsPanel({ account }: { account: OperatorAccount }) {
  const [{ ask }, change] = useUrl();
  const { extra_units: grants, subscriptions } = account;
  const why = subscriptions.some(({ quotas }) => quotas.length > 0) ? null : 'No plan of this account has a quota to add to';
  return (
    <Panel
      title="Extra units"
      hint="added to the running window, and gone with it"
      flush={grants.length > 0}
      actions={
        <Why why={why}>
          <Button variant="default" leftSection={<IconPlus size={15} />} onClick={() => change({ ask: 'units' }, true)}>
            Give extra units
          </Button>
        </Why>
      }
    >
      {grants.length === 0 ? (
        <Empty icon={<IconGift size={20} />} title="No extra units yet">
          A customer needs more today? Give exactly so many more, without changing the plan.
        </Empty>
      ) : (
        <Table aria-label="Extra units" horizontalSpacing="lg">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Given</Table.Th>
              <Table.Th visibleFrom="sm">Reason</Table.Th>
              <Table.Th visibleFrom="sm">By</Table.Th>
              <Table.Th ta="right">Until</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {grants.map(({ id, api, units, metric, period, reason, granted_by, granted_at, ends_at }) => (
              <Table.Tr key={id}>
                <Table.Td>
                  {int(units)} {metric} <Text span inherit c="dimmed">on {api}, {perPeriod(period)}</Text>
                  <Text size="xs" c="dimmed" hiddenFrom="sm">{reason}</Text>
                </Table.Td>
                <Table.Td visibleFrom="sm" style={{ overflowWrap: 'anywhere' }}>{reason}</Table.Td>
                <Table.Td visibleFrom="sm">
                  {granted_by}, <When at={granted_at} />
                </Table.Td>
                <Table.Td ta="right">{ends_at === null ? 'for good' : <When at={ends_at} as="day" />}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {why === null && ask === 'units' && <GiveUnits account={account} close={() => change({ ask: undefined })} />}
    </Panel>
  );
}
