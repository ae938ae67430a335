// Operator › Plans: what keyward.toml offers. It is changed there.
import { Skeleton, Table, Text } from '@mantine/core';
import { IconReceipt } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { Api, Plan } from '../api/nouns';
import { Empty } from '../ui/empty';
import { int, perPeriod, plural, rateWords } from '../ui/format';
import { Mono } from '../ui/mono';
import { Refused } from '../ui/notice';
import { Page } from '../ui/page';
import { Panel } from '../ui/panel';
import { plansQuery } from './query';

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
          Declare one as <Mono>[plan.NAME]</Mono> in <Mono>keyward.toml</Mono>, then restart Keyward.
        </Empty>
      </Panel>
    );
  return (
    <Panel title="Plans" flush>
      <Table aria-label="Plans" horizontalSpacing="lg">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Plan</Table.Th>
            <Table.Th visibleFrom="sm">Quotas</Table.Th>
            <Table.Th visibleFrom="sm">Rates</Table.Th>
            <Table.Th visibleFrom="sm" ta="right">Seats</Table.Th>
            <Table.Th visibleFrom="sm" ta="right">Keys</Table.Th>
            <Table.Th ta="right">Accounts</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {plans.map((plan) => (
            <PlanRow key={plan.name} plan={plan} />
          ))}
        </Table.Tbody>
      </Table>
    </Panel>
  );
}

/** On a phone all that a plan allows stands beneath its name. */
function PlanRow({ plan }: { plan: Plan }) {
  const quotas = plan.quotas.map(
    ({ limit, metric, period, overage }) => `${int(limit)} ${metric} ${perPeriod(period)}${beyond(overage)}`,
  );
  const rates = plan.rates.map(rateWords);
  const room = [plan.max_members !== null && plural(plan.max_members, 'seat'), plan.max_keys !== null && plural(plan.max_keys, 'key')];
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={560}>{plan.title}</Text>
        <Mono>{plan.name}</Mono>
        {[...quotas, ...rates, room.filter(Boolean).join(', ')].map((line) => (
          <Text key={line} size="xs" c="dimmed" hiddenFrom="sm">
            {line}
          </Text>
        ))}
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Lines none="no quota" lines={quotas} />
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Lines none="no rate limit" lines={rates} />
      </Table.Td>
      <Table.Td visibleFrom="sm" ta="right"><AtMost max={plan.max_members} /></Table.Td>
      <Table.Td visibleFrom="sm" ta="right"><AtMost max={plan.max_keys} /></Table.Td>
      <Table.Td ta="right">{int(plan.accounts)}</Table.Td>
    </Table.Tr>
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
            <Table.Th ta="right">Plan of new accounts</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {apis.map(({ name, title, protocol, networks, default_plan }) => (
            <Table.Tr key={name}>
              <Table.Td>
                <Text size="sm" fw={560}>{title}</Text>
                <Mono>{name}</Mono>
              </Table.Td>
              <Table.Td visibleFrom="sm">{PROTOCOLS[protocol] ?? protocol}</Table.Td>
              <Table.Td visibleFrom="sm">
                <Lines none="—" lines={networks} />
              </Table.Td>
              <Table.Td ta="right">{default_plan === null ? 'none: you assign one' : <Mono>{default_plan}</Mono>}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Panel>
  );
}

const PROTOCOLS: Record<string, string> = { rest: 'REST', 'json-rpc': 'JSON-RPC' };

const beyond = (overage: Plan['quotas'][number]['overage']) =>
  overage ? `, ${overage.limit === null ? 'and any number' : int(overage.limit)} beyond` : '';

const quiet = { size: 'sm', c: 'dimmed' } as const;

const AtMost = ({ max }: { max: number | null }) => (max === null ? <Text {...quiet}>no limit</Text> : `≤ ${int(max)}`);

function Lines({ lines, none }: { lines: readonly string[]; none: string }) {
  if (lines.length === 0) return <Text {...quiet}>{none}</Text>;
  return lines.map((line) => (
    <Text key={line} size="sm">
      {line}
    </Text>
  ));
}
