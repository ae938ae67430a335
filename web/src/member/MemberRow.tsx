// One member in the table; a click shows their calls beneath.
import { Table, Text, UnstyledButton } from '@mantine/core';
import type { Member } from '../api/nouns';
import { int } from '../ui/format';
import { useNow } from '../ui/now';
import { When } from '../ui/when';
import { Who } from '../ui/who';
import type { MemberActions } from './actions';
import { CapBar } from './CapBar';
import { endSoon } from './end';
import type { Question } from './MemberDialogs';
import { MemberMenu } from './MemberMenu';
import { MemberStatus, Undelivered } from './MemberStatus';
import { RoleSelect } from './RoleSelect';
import classes from './member.module.css';

type MemberRowProps = {
  member: Member;
  chosen: boolean;
  choose: () => void;
  actions: MemberActions;
  ask: (question: Question) => void;
};

export function MemberRow({ member, chosen, choose, actions, ask }: MemberRowProps) {
  const { id, name, email, state } = member;
  const isInvited = state === 'pending';
  return (
    <Table.Tr className={classes.row} data-chosen={chosen} onClick={choose}>
      <Table.Td>
        <UnstyledButton className={classes.choose} aria-pressed={chosen} aria-label={`${name} ${email}, show only their calls`}>
          <Who id={id} name={name} email={email} size={32} note={member.is_me ? 'you' : undefined} />
        </UnstyledButton>
      </Table.Td>
      <Table.Td visibleFrom="sm" onClick={(event) => event.stopPropagation()}>
        <RoleSelect member={member} actions={actions} />
      </Table.Td>
      <Table.Td>
        <MemberStatus member={member} />
        <Undelivered invitation={member.invitation} />
        <EndsSoon member={member} />
      </Table.Td>
      <Table.Td visibleFrom="sm" ta="right">
        <Figure of={isInvited ? null : member.calls_today} />
      </Table.Td>
      <Table.Td visibleFrom="md" ta="right">
        <Figure of={isInvited ? null : member.credits_today} />
      </Table.Td>
      <Table.Td visibleFrom="md">
        <CapBar caps={member.caps} name={name} />
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Text size="sm" span c={member.last_seen_at || isInvited ? undefined : 'dimmed'}>
          <LastSeen member={member} />
        </Text>
      </Table.Td>
      <Table.Td ta="right">
        <MemberMenu member={member} actions={actions} ask={ask} />
      </Table.Td>
    </Table.Tr>
  );
}

/** Beneath the status, once the end is near. */
function EndsSoon({ member }: { member: Member }) {
  const words = endSoon(member.ends_at, useNow());
  return (
    words !== null && (
      <Text size="xs" c="var(--kw-observed-text)">
        {words}
      </Text>
    )
  );
}

/** A dash where a figure does not apply, 0 for zero. */
function Figure({ of }: { of: number | null }) {
  return (
    <Text size="sm" c={of ? undefined : 'dimmed'}>
      {of === null ? '—' : int(of)}
    </Text>
  );
}

function LastSeen({ member }: { member: Member }) {
  if (member.invitation) return <>sent <When at={member.invitation.sent_at} /></>;
  return member.last_seen_at ? <When at={member.last_seen_at} /> : <>never</>;
}
