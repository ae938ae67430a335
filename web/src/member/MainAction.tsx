// The one thing most often done to a member in their state; the rest is in the menu beside it.
import { Button } from '@mantine/core';
import { IconCalendarOff, IconMailForward, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import type { Allowed, Member } from '../api/nouns';
import { Why } from '../ui/why';
import type { MemberActions } from './actions';
import type { Question } from './MemberDialogs';

type MainActionProps = { member: Member; actions: MemberActions; ask: (question: Question) => void };

const whyNot = ({ allowed, why }: Allowed) => (allowed ? null : (why ?? 'You may not do this.'));

export function MainAction({ member, actions, ask }: MainActionProps) {
  const [busy, setBusy] = useState(false);
  const { state, can } = member;
  const run = (action: Promise<unknown>) => {
    setBusy(true);
    actions.quietly(action.finally(() => setBusy(false)));
  };
  if (state === 'suspended') {
    return (
      <Why why={whyNot(can.activate)}>
        <Button loading={busy} leftSection={<IconPlayerPlay size={15} />} onClick={() => run(actions.activate(member))}>
          Activate
        </Button>
      </Why>
    );
  }
  if (state === 'ended') {
    return (
      <Why why={whyNot(can.edit)}>
        <Button leftSection={<IconCalendarOff size={15} />} onClick={() => ask({ about: 'end', member })}>
          Set a later end…
        </Button>
      </Why>
    );
  }
  if (state === 'pending') {
    return (
      <Why why={whyNot(can.resend)}>
        <Button variant="default" loading={busy} leftSection={<IconMailForward size={15} />} onClick={() => run(actions.resend(member))}>
          Resend invitation
        </Button>
      </Why>
    );
  }
  return (
    <Why why={whyNot(can.suspend)}>
      <Button variant="default" leftSection={<IconPlayerPause size={15} />} onClick={() => ask({ about: 'suspend', member })}>
        Suspend…
      </Button>
    </Why>
  );
}
