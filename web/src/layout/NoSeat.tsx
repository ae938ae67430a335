// Signed in, but in no account, or not in the one that a link names: what to do.
import { Center } from '@mantine/core';
import { IconArmchair } from '@tabler/icons-react';
import type { Me, Seat } from '../api/nouns';
import { paths } from '../paths';
import { Empty } from '../ui/empty';
import { ButtonLink } from '../ui/links';

export function NoSeat({ me }: { me: Me }) {
  return (
    <Center mih="60vh">
      <Empty icon={<IconArmchair size={20} />} title="You have no seat in any account">
        Ask the owner of an account to invite {me.person.email}. The mail you get leads you to your seat and to a key of your own.
      </Empty>
    </Center>
  );
}

/** A link led to an account in which one has no seat, but one has others. */
export function OtherAccount({ me, seat }: { me: Me; seat: Seat }) {
  return (
    <Center mih="60vh">
      <Empty
        icon={<IconArmchair size={20} />}
        title="You have no seat in this account"
        action={
          <ButtonLink to={paths.overview} search={{ account: seat.account.id }}>
            Go to {seat.account.name}
          </ButtonLink>
        }
      >
        The link leads to another account than yours. If you should see it, ask its owner to invite {me.person.email}.
      </Empty>
    </Center>
  );
}
