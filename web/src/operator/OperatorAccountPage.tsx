// One account as an operator sees it: who owns it, its plans, what it used, and what can be done.
import { Anchor, Button, Group, SimpleGrid, Skeleton } from '@mantine/core';
import { IconMailForward, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { problemOf } from '../api/client';
import type { OperatorAccount } from '../api/nouns';
import { Lost } from '../layout/Lost';
import { Undelivered } from '../member/Undelivered';
import { paths } from '../paths';
import { Copy } from '../ui/copy';
import { Field } from '../ui/field';
import { int } from '../ui/format';
import { TextLink } from '../ui/links';
import { Mono } from '../ui/mono';
import { Notice, Refused } from '../ui/notice';
import { Page } from '../ui/page';
import { Panel } from '../ui/panel';
import { useUrl } from '../ui/url';
import { When } from '../ui/when';
import { AccountStatus } from './AccountStatus';
import { useOperatorActions } from './actions';
import { ExtraUnitsPanel } from './ExtraUnitsPanel';
import { PlansPanel } from './PlansPanel';
import { accountQuery } from './query';
import { SuspendDialog } from './SuspendDialog';

export function OperatorAccountPage() {
  const { account: id } = useParams({ from: '/shell/operator/accounts/$account' });
  const { data: account, error } = useQuery(accountQuery(id));
  if (error && problemOf(error).code === 'not_found') return <Lost />;
  if (account) return <Shown account={account} />;
  return (
    <Page title="Account" lead="">
      <Refused error={error} />
      {!error && <Skeleton h={120} />}
    </Page>
  );
}

function Shown({ account }: { account: OperatorAccount }) {
  const [{ ask }, change] = useUrl();
  const actions = useOperatorActions(account);
  const { name, owner, suspended_at } = account;
  return (
    <Page
      above={
        <Group gap="sm" mb={2}>
          <TextLink to={paths.operatorAccounts} size="sm">
            Accounts
          </TextLink>
        </Group>
      }
      title={name}
      beside={<AccountStatus account={account} />}
      lead={owner?.email}
      actions={
        <>
          {owner?.state === 'pending' && (
            <Button variant="default" leftSection={<IconMailForward size={15} />} onClick={() => void actions.inviteAgain()}>
              Resend invitation
            </Button>
          )}
          {suspended_at === null ? (
            <Button variant="default" leftSection={<IconPlayerPause size={15} />} onClick={() => change({ ask: 'suspend' }, true)}>
              {`Suspend ${name}…`}
            </Button>
          ) : (
            <Button leftSection={<IconPlayerPlay size={15} />} onClick={() => void actions.activate()}>
              {`Activate ${name}`}
            </Button>
          )}
        </>
      }
    >
      {suspended_at !== null && (
        <Notice kind="warn">
          Every call with a key of {name} is refused (<Mono>account_suspended</Mono>) since <When at={suspended_at} as="day" />.
        </Notice>
      )}
      <Facts account={account} />
      <PlansPanel account={account} />
      <ExtraUnitsPanel account={account} />
      <SuspendDialog account={account} opened={ask === 'suspend'} close={() => change({ ask: undefined })} />
    </Page>
  );
}

const ofMax = ({ used, max }: OperatorAccount['members']) => (max === null ? int(used) : `${int(used)} of ${int(max)}`);

function Facts({ account }: { account: OperatorAccount }) {
  const { id, owner, members, keys, created_at, today, month } = account;
  return (
    <Panel>
      <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="md">
        <Field name="Owner">
          {owner ? (
            <>
              {owner.name}{' '}
              <Anchor href={`mailto:${owner.email}`} size="xs" display="block">
                {owner.email}
              </Anchor>
              <Undelivered refused={owner.refused} />
              {owner.invited_until && <>invited until <When at={owner.invited_until} as="day" /></>}
            </>
          ) : (
            '—'
          )}
        </Field>
        <Field name="Seats">{ofMax(members)}</Field>
        <Field name="Keys">{ofMax(keys)}</Field>
        <Field name="Since">
          <When at={created_at} as="day" />
        </Field>
        <Field name="Calls today">{int(today.calls)}</Field>
        <Field name="Credits today">{int(today.credits)}</Field>
        <Field name="Calls in 30 days">{int(month.calls)}</Field>
        <Field name="Credits in 30 days">{int(month.credits)}</Field>
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
