// The account, or this Keyward, requires a second factor of who has none: what that means and where to set one up.
import { Center } from '@mantine/core';
import { IconDeviceMobile } from '@tabler/icons-react';
import type { Seat } from '../api/nouns';
import { paths } from '../paths';
import { Empty } from '../ui/empty';
import { ButtonLink } from '../ui/links';

export function NeedsSecondFactor({ seat }: { seat: Seat | undefined }) {
  const who = seat?.needs_second_factor ? seat.account.name : 'This Keyward';
  return (
    <Center mih="60vh">
      <Empty
        icon={<IconDeviceMobile size={20} />}
        title={`${who} requires a second factor`}
        action={<ButtonLink to={paths.settingsSecurity}>Set up a second factor</ButtonLink>}
      >
        You have none yet. Set one up, and everything is as before: your keys work meanwhile, and nothing is lost.
      </Empty>
    </Center>
  );
}
