// One's seat is suspended or at its end, or the whole account is suspended: what that means and who to ask.
import { Anchor, Box, Center } from '@mantine/core';
import { IconUserPause } from '@tabler/icons-react';
import { useInstance } from '../account/query';
import type { Seat } from '../api/nouns';
import { Empty } from '../ui/empty';
import { Notice } from '../ui/notice';
import { When } from '../ui/when';

export function Suspended({ seat }: { seat: Seat }) {
  const { account, owner } = seat;
  const isOver = seat.state === 'ended';
  return (
    <Center mih="60vh">
      <Empty
        icon={<IconUserPause size={20} />}
        title={isOver ? `Your seat in ${account.name} has ended` : `Your seat in ${account.name} is suspended`}
        action={
          <Anchor href={`mailto:${owner.email}`} size="sm">
            Write to {owner.name} ({owner.email})
          </Anchor>
        }
      >
        {isOver && seat.ends_at && (
          <>
            It ended <When at={seat.ends_at} as="day" />.{' '}
          </>
        )}
        Your keys are refused until {isOver ? 'a later end is set' : 'it is activated again'}. Nothing is lost: your keys, values and calls
        are still there. Only {owner.name}, the owner, and their admins can {isOver ? 'set a later end' : 'activate it'}.
      </Empty>
    </Center>
  );
}

/** The operator stopped the account: everything can be looked at, nothing can be called. */
export function AccountSuspended({ account }: { account: string }) {
  const contact = useInstance().data?.contact;
  return (
    <Box maw="var(--kw-main-width)" mx="auto" mb="md">
      <Notice kind="warn">
        <b>{account} is suspended.</b> Every call with its keys is refused until the operator of this Keyward activates it again.{' '}
        {contact && <Ask contact={contact} />}
      </Notice>
    </Box>
  );
}

/** Whom to ask: a page, or an address to write to. */
function Ask({ contact }: { contact: string }) {
  const isPage = contact.startsWith('https://');
  return (
    <>
      Ask{' '}
      <Anchor href={isPage ? contact : `mailto:${contact}`} inherit>
        {contact}
      </Anchor>
      .
    </>
  );
}
