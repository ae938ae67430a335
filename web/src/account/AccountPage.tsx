// The account in use: its name, its owner, and what its subscriptions allow.
import { Anchor, Group, SimpleGrid, Skeleton } from '@mantine/core';
import { IconReceipt } from '@tabler/icons-react';
import type { Account } from '../api/nouns';
import { LeakRulePanel } from '../leak/LeakRulePanel';
import { OwnershipNotice } from '../ownership/OwnershipNotice';
import { paths } from '../paths';
import { Copy } from '../ui/copy';
import { Empty } from '../ui/empty';
import { Field } from '../ui/field';
import { int } from '../ui/format';
import { TextLink } from '../ui/links';
import { Mono } from '../ui/mono';
import { Refused } from '../ui/notice';
import { Page } from '../ui/page';
import { Panel } from '../ui/panel';
import { When } from '../ui/when';
import { useAccount } from './query';
import { RenameAccount } from './RenameAccount';
import { useMay, useSeat } from './seat';
import { SecondFactorRulePanel } from './SecondFactorRulePanel';
import { SubscriptionPanel } from './SubscriptionPanel';

export function AccountPage() {
  const { data: account, error } = useAccount();
  const seesRule = useMay()('account.view');
  return (
    <Page
      title="Subscription"
      lead={account && `What ${account.name} may use, and how much of it is left.`}
      actions={account && <RenameAccount account={account} />}
    >
      <Refused error={error} />
      <OwnershipNotice />
      {account ? <Facts account={account} /> : !error && <Skeleton h={96} />}
      {account?.subscriptions.length === 0 && <NoSubscription />}
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        {account?.subscriptions.map((subscription) => <SubscriptionPanel key={subscription.id} subscription={subscription} />)}
        {!account && !error && <Skeleton h={220} />}
      </SimpleGrid>
      {seesRule && <SecondFactorRulePanel />}
      {seesRule && <LeakRulePanel />}
    </Page>
  );
}

const ofMax = ({ used, max }: Account['members']) => (max === null ? int(used) : `${int(used)} of ${int(max)}`);

function Facts({ account }: { account: Account }) {
  const seat = useSeat();
  const { id, name, owner, members, keys, created_at } = account;
  return (
    <Panel>
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }} spacing="md">
        <Field name="Account">{name}</Field>
        <Field name="Owner">
          {owner.name}{' '}
          <Anchor href={`mailto:${owner.email}`} size="xs" display="block">
            {owner.email}
          </Anchor>
          <TextLink to={paths.ownership} size="xs" display="block" mt={6} py={4}>
            {seat.role === 'owner' ? 'Hand the account over…' : 'Ownership'}
          </TextLink>
        </Field>
        <Field name="Seats">{ofMax(members)}</Field>
        <Field name="Keys">{ofMax(keys)}</Field>
        <Field name="Since">
          <When at={created_at} />
        </Field>
        <Field name="Id">
          <Group gap={4} wrap="nowrap" my={-3}>
            <Mono truncate>{id}</Mono>
            <Copy value={id} label="the account's id" />
          </Group>
        </Field>
      </SimpleGrid>
    </Panel>
  );
}

function NoSubscription() {
  return (
    <Panel>
      <Empty icon={<IconReceipt size={20} />} title="No subscription yet">
        Keys of this account can call nothing. Ask the operator to put the account on a plan.
      </Empty>
    </Panel>
  );
}
