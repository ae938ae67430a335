// Ownership of the account: the owner offers it, the other accepts; nothing changes before both have said so.
import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useSeat } from '../account/seat';
import type { Ownership } from '../api/nouns';
import { paths } from '../paths';
import { Confirm } from '../ui/confirm';
import { TextLink } from '../ui/links';
import { note, Refused } from '../ui/notice';
import { useNow } from '../ui/now';
import { Page } from '../ui/page';
import { Panel } from '../ui/panel';
import { dayAndClock } from '../ui/time';
import { When } from '../ui/when';
import { OfferForm } from './OfferForm';
import { ownershipActions, ownershipQuery } from './query';

export function OwnershipPage() {
  const { account } = useSeat();
  const { data, error } = useQuery(ownershipQuery(account.id));
  return (
    <Page
      above={
        <Group gap="sm" mb={2}>
          <TextLink to={paths.account} size="sm">
            Subscription
          </TextLink>
        </Group>
      }
      title="Ownership"
      lead={data ? `${data.owner.name} owns ${account.name}: the account, its members and keys, and all that they spend.` : ''}
    >
      <Refused error={error} />
      {data ? <Standing ownership={data} /> : !error && <Skeleton h={180} />}
    </Page>
  );
}

function Standing({ ownership }: { ownership: Ownership }) {
  const { owner, offer } = ownership;
  if (offer?.is_to_me) return <Answer ownership={ownership} until={offer.expires_at} />;
  if (offer) return <Offered ownership={ownership} offer={offer} />;
  if (ownership.can.offer.allowed) return <OfferForm owner={owner} />;
  return (
    <Panel title="Not offered to anybody">
      <Text size="sm">
        Only {owner.name} can offer this account to another member. The new owner accepts, and {owner.name} becomes an admin.
      </Text>
    </Panel>
  );
}

/** For who is offered the account: accept it, or say no. */
function Answer({ ownership, until }: { ownership: Ownership; until: string }) {
  const { account } = useSeat();
  const [accepting, setAccepting] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const changed = useOwnershipChanged();
  const { owner } = ownership;
  const decline = () => {
    const run = async () => {
      await ownershipActions.decline(account.id);
      await changed();
      note.done(`You declined to own ${account.name}. ${owner.name} is told.`);
    };
    setRefusal(null);
    run().catch(setRefusal);
  };
  const accept = async () => {
    await ownershipActions.accept(account.id);
    await changed();
    note.done(`You own ${account.name} now.`);
  };
  return (
    <Panel title={`${owner.name} offers you ${account.name}`} hint={<Until at={until} />}>
      <Stack gap="md">
        <Text size="sm">
          If you accept, you own the account: its subscription, its members and all that they spend. {owner.name} becomes an admin. Caps
          and the end of your own seat are taken away, as nobody limits an owner. Nobody's keys change.
        </Text>
        <Refused error={refusal} />
        <Group gap="xs">
          <Button onClick={() => setAccepting(true)}>Own {account.name}…</Button>
          <Button variant="default" onClick={decline}>
            Decline
          </Button>
        </Group>
      </Stack>
      <Confirm
        opened={accepting}
        close={() => setAccepting(false)}
        calm
        title={`Own ${account.name}?`}
        action={`Own ${account.name}`}
        run={accept}
      >
        You own the account from this moment on, and {owner.name} is an admin. Only you can then hand it on.
      </Confirm>
    </Panel>
  );
}

/** For the owner, and for who sees the team: to whom it is offered, and the way back. */
function Offered({ ownership, offer }: { ownership: Ownership; offer: NonNullable<Ownership['offer']> }) {
  const { account } = useSeat();
  const changed = useOwnershipChanged();
  const [refusal, setRefusal] = useState<unknown>(null);
  const withdraw = () => {
    const run = async () => {
      await ownershipActions.withdraw(account.id);
      await changed();
      note.done(`The offer to ${offer.to.name} is withdrawn.`);
    };
    setRefusal(null);
    run().catch(setRefusal);
  };
  return (
    <Panel title={`Offered to ${offer.to.name}`} hint={<Until at={offer.expires_at} />}>
      <Stack gap="md">
        <Text size="sm">
          Offered <When at={offer.created_at} />. Nothing changes until {offer.to.name} accepts; then they own {account.name}, and{' '}
          {ownership.owner.name} is an admin.
        </Text>
        <Refused error={refusal} />
        {ownership.can.withdraw.allowed && (
          <Button variant="default" w="fit-content" onClick={withdraw}>
            Withdraw the offer
          </Button>
        )}
      </Stack>
    </Panel>
  );
}

function Until({ at }: { at: string }) {
  return <>stands until {dayAndClock(at, useNow())}</>;
}

/** Rights may be others now: all that was known is asked for anew. */
function useOwnershipChanged() {
  const cache = useQueryClient();
  return () => cache.invalidateQueries();
}
