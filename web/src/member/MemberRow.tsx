// One member in the table; a click shows their calls beneath.
import { Table, Text, UnstyledButton, useMatches } from '@mantine/core';
import type { Member } from '../api/nouns';
import { int } from '../ui/format';
import { useNow } from '../ui/now';
import { When } from '../ui/when';
import { Who } from '../ui/who';
import type { MemberActions } from './actions';
import { endSoon } from './end';
import type { Question } from './MemberDialogs';
import { MemberLimits } from './MemberLimits';
import { MemberMenu } from './MemberMenu';
import { MemberStatus } from './MemberStatus';
import { KEYS_ONLY, RoleSelect } from './RoleSelect';
import { Undelivered } from './Undelivered';
import classes from './member.module.css';

type MemberRowProps = {
  member: Member;
  chosen: boolean;
  choose: () => void;
  actions: MemberActions;
  ask: (question: Question) => void;
};

/** How many columns the table shows: a row that is one cell spans them, and no more, or they would share the width. */
export const useColumns = () => useMatches({ base: 3, sm: 4, md: 5, lg: 8 });

export function MemberRow({ member, chosen, choose, actions, ask }: MemberRowProps) {
  const { id, name, email, state } = member;
  const isInvited = state === 'pending';
  const refused = member.invitation?.refused;
  const columns = useColumns();
  return (
    <>
      <Table.Tr className={classes.row} data-chosen={chosen} data-continued={Boolean(refused)} onClick={choose}>
        <Table.Td>
          <UnstyledButton className={classes.choose} aria-pressed={chosen} aria-label={`${name} ${email}, show only their calls`}>
            <Who id={id} name={name} email={email} size={32} note={member.is_me ? 'you' : undefined} />
          </UnstyledButton>
        </Table.Td>
        <Table.Td visibleFrom="sm" onClick={(event) => event.stopPropagation()}>
          <RoleSelect member={member} actions={actions} />
        </Table.Td>
        <Table.Td>
          <MemberStatus state={state} refused={refused} />
          <EndsSoon member={member} />
          <Text size="xs" c="dimmed" hiddenFrom="sm">
            {member.role_name ?? KEYS_ONLY}
          </Text>
        </Table.Td>
        <Table.Td visibleFrom="md" ta="right">
          <Figure of={isInvited ? null : member.calls_today} />
        </Table.Td>
        <Table.Td visibleFrom="lg" ta="right">
          <Figure of={isInvited ? null : member.credits_today} />
        </Table.Td>
        <Table.Td visibleFrom="lg">
          <MemberLimits member={member} />
        </Table.Td>
        <Table.Td visibleFrom="lg">
          <Text size="sm" span c={member.last_seen_at || isInvited ? undefined : 'dimmed'}>
            <LastSeen member={member} />
          </Text>
        </Table.Td>
        <Table.Td ta="right">
          <MemberMenu member={member} actions={actions} ask={ask} />
        </Table.Td>
      </Table.Tr>
      {refused && (
        <Table.Tr>
          <Table.Td colSpan={columns} pt={0}>
            <Undelivered refused={refused} />
          </Table.Td>
        </Table.Tr>
      )}
    </>
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
