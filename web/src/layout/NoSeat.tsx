// Signed in, but in no account: what to do.
import { Center } from '@mantine/core';
import { IconArmchair } from '@tabler/icons-react';
import type { Me } from '../api/nouns';
import { Empty } from '../ui/empty';

export function NoSeat({ me }: { me: Me }) {
  return (
    <Center mih="60vh">
      <Empty icon={<IconArmchair size={20} />} title="You have no seat in any account">
        Ask the owner of an account to invite {me.person.email}. The mail you get leads you to your seat and to a key of your own.
      </Empty>
    </Center>
  );
}
