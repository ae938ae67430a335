// Operator › Plans: what keyward.toml offers. It is changed there.
import { Skeleton, Table, Text } from '@mantine/core';
import { IconReceipt } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { Api, Plan } from '../api/nouns';
import { Empty } from '../ui/empty';
import { int, perPeriod } from '../ui/format';
import { Mono } from '../ui/mono';
import { Refused } from '../ui/notice';
import { Page } from '../ui/page';
import { Panel } from '../ui/panel';
import { plansQuery } from './query';

const beyond = (overage: Plan['quotas'][number]['overage']) =>
  overage ? `, ${overage.limit === null ? 'and any number' : int(overage.limit)} beyond` : '';

export function PlansPage() {
  const { data, error } = useQuery(plansQuery);
  return (
    <Page
      title="Plans"
      lead={
        <>
          What <Mono>keyward.toml</Mono> offers. Change it there, then restart Keyward or run <Mono>keyward plan publish</Mono>.
        </>
      }
    >
      <Refused error={error} />
      {!data && !error && <Skeleton h={220} radius="lg" />}
      {data && <Plans plans={data.plans} />}
      {data && <Apis apis={data.apis} />}
    </Page>
  );
}

function Plans({ plans }: { plans: readonly Plan[] }) {
  if (plans.length === 0)
    return (
      <Panel>
        <Empty icon={<IconReceipt size={20} />} title="No plan yet">
          Declare one as [plans.NAME] in keyward.toml.
        </Empty>
      </Panel>
    );
  return (
    <Panel title="Plans" flush>
      <Table aria-label="Plans" horizontalSpacing="lg">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Plan</Table.Th>
            <Table.Th>Quotas</Table.Th>
            <Table.Th visibleFrom="sm">Rates</Table.Th>
            <Table.Th visibleFrom="sm" ta="right">Members</Table.Th>
            <Table.Th visibleFrom="sm" ta="right">Keys</Table.Th>
            <Table.Th ta="right">Accounts</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {plans.map((plan) => (
            <Table.Tr key={plan.name}>
              <Table.Td>
                <Text size="sm" fw={560}>{plan.title}</Text>
                <Mono>{plan.name}</Mono>
              </Table.Td>
              <Table.Td>
                <Lines none="none" lines={plan.quotas.map(({ limit, metric, period, overage }) => `${int(limit)} ${metric} ${perPeriod(period)}${beyond(overage)}`)} />
              </Table.Td>
              <Table.Td visibleFrom="sm">
                <Lines none="none" lines={plan.rates.map(({ limit, metric, per }) => `${int(limit)} ${metric} a ${per}`)} />
              </Table.Td>
              <Table.Td visibleFrom="sm" ta="right">{atMost(plan.max_members)}</Table.Td>
              <Table.Td visibleFrom="sm" ta="right">{atMost(plan.max_keys)}</Table.Td>
              <Table.Td ta="right">{int(plan.accounts)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Panel>
  );
}

function Apis({ apis }: { apis: readonly Api[] }) {
  return (
    <Panel title="APIs" flush>
      <Table aria-label="APIs" horizontalSpacing="lg">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>API</Table.Th>
            <Table.Th visibleFrom="sm">Protocol</Table.Th>
            <Table.Th visibleFrom="sm">Networks</Table.Th>
            <Table.Th ta="right">Default plan</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {apis.map(({ name, title, protocol, networks, default_plan }) => (
            <Table.Tr key={name}>
              <Table.Td>
                <Text size="sm" fw={560}>{title}</Text>
                <Mono>{name}</Mono>
              </Table.Td>
              <Table.Td visibleFrom="sm">{protocol}</Table.Td>
              <Table.Td visibleFrom="sm">
                <Lines none="—" lines={networks} />
              </Table.Td>
              <Table.Td ta="right">{default_plan ?? 'none: you assign one'}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Panel>
  );
}

const atMost = (max: number | null) => (max === null ? 'any' : `≤ ${int(max)}`);

function Lines({ lines, none }: { lines: readonly string[]; none: string }) {
  if (lines.length === 0) return <Text size="sm" c="dimmed">{none}</Text>;
  return lines.map((line) => (
    <Text key={line} size="sm">
      {line}
    </Text>
  ));
}
