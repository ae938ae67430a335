// What an account may call: one subscription for each API, whose plan the operator changes in the row.
import { Button, Group, Modal, Progress, Select, Stack, Table, Text, VisuallyHidden } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { isLow, shareUsed } from '../account/usage';
import type { OperatorAccount, Usage } from '../api/nouns';
import { int, percent, perPeriod } from '../ui/format';
import { Refused } from '../ui/notice';
import { Panel } from '../ui/panel';
import { useSubmit } from '../ui/submit';
import { useOperatorActions } from './actions';
import { plansQuery } from './query';

type Chosen = { api: string; title: string; plan: string | null };

export function PlansPanel({ account }: { account: OperatorAccount }) {
  const { data: catalogue } = useQuery(plansQuery);
  const [chosen, choose] = useState<Chosen | null>(null);
  const has = (api: string) => account.subscriptions.some((subscription) => subscription.api === api);
  const without = catalogue?.apis.filter(({ name }) => !has(name)) ?? [];
  return (
    <Panel title="Plans" flush>
      <Table aria-label="Plans" horizontalSpacing="lg">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>API</Table.Th>
            <Table.Th>Plan</Table.Th>
            <Table.Th visibleFrom="sm">Used</Table.Th>
            <Table.Th w={110}>
              <VisuallyHidden>Actions</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {account.subscriptions.map(({ id, api, api_title, plan, plan_title, quotas }) => (
            <Table.Tr key={id}>
              <Table.Td>{api_title}</Table.Td>
              <Table.Td>{plan_title}</Table.Td>
              <Table.Td visibleFrom="sm">
                <Used quotas={quotas} label={api_title} />
              </Table.Td>
              <Table.Td ta="right">
                <Change label={`Change the plan for ${api_title}`} run={() => choose({ api, title: api_title, plan })} />
              </Table.Td>
            </Table.Tr>
          ))}
          {without.map(({ name, title }) => (
            <Table.Tr key={name}>
              <Table.Td>{title}</Table.Td>
              <Table.Td c="dimmed">none: its keys cannot call it</Table.Td>
              <Table.Td visibleFrom="sm" />
              <Table.Td ta="right">
                <Change label={`Choose a plan for ${title}`} run={() => choose({ api: name, title, plan: null })} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {chosen && <PlanDialog account={account} chosen={chosen} close={() => choose(null)} />}
    </Panel>
  );
}

function Change({ label, run }: { label: string; run: () => void }) {
  return (
    <Button variant="subtle" size="compact-sm" aria-label={label} onClick={run}>
      Change…
    </Button>
  );
}

function Used({ quotas, label }: { quotas: readonly Usage[]; label: string }) {
  if (quotas.length === 0) return <Text size="sm" c="dimmed">no quota</Text>;
  return (
    <Stack gap={6} maw={320}>
      {quotas.map((usage) => {
        const words = `${int(usage.used)} of ${int(usage.limit)} ${usage.metric} ${perPeriod(usage.period)}`;
        return (
          <div key={`${usage.metric} ${usage.period}`}>
            <Text size="xs" c="dimmed" mb={3}>
              {words}
            </Text>
            <Progress
              value={Math.min(100, shareUsed(usage) * 100)}
              size={4}
              color={isLow(usage) ? 'var(--kw-observed)' : 'var(--kw-allowed)'}
              aria-label={`${label}: ${percent(usage.used, usage.limit)}, ${words}`}
            />
          </div>
        );
      })}
    </Stack>
  );
}

type PlanDialogProps = { account: OperatorAccount; chosen: Chosen; close: () => void };

function PlanDialog({ account, chosen, close }: PlanDialogProps) {
  const { assign } = useOperatorActions(account);
  const { data: catalogue } = useQuery(plansQuery);
  const form = useForm({
    initialValues: { plan: chosen.plan ?? '' },
    validate: { plan: (plan) => (plan === '' ? 'Choose a plan.' : null) },
  });
  const { submit, busy, refusal } = useSubmit(form, async ({ plan }) => {
    await assign(chosen.api, plan);
    close();
  });
  const plans = catalogue?.plans.map(({ name, title }) => ({ value: name, label: title === name ? name : `${title} (${name})` }));
  return (
    <Modal opened onClose={close} title={`Plan of ${account.name} for ${chosen.title}`} size={440}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <Select
            label="Plan"
            description="Higher limits hold at once, lower ones from the next window"
            data={plans ?? []}
            allowDeselect={false}
            data-autofocus
            {...form.getInputProps('plan')}
          />
          <Refused error={refusal} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={busy}>
              Save the plan
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
