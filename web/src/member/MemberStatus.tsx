// How a member stands, and why nobody got their invitation if the mail server refused it.
import { Text } from '@mantine/core';
import type { Member } from '../api/nouns';
import { Status } from '../ui/status';
import { stateTone, stateWord } from './state';

export function MemberStatus({ member }: { member: Member }) {
  if (member.invitation?.refused) return <Status tone="bad">Not delivered</Status>;
  return <Status tone={stateTone[member.state]}>{stateWord[member.state]}</Status>;
}

/** The mail server's words, and nothing where it took the invitation. */
export function Undelivered({ invitation }: Pick<Member, 'invitation'>) {
  return (
    invitation?.refused && (
      <Text size="xs" c="var(--kw-denied-text)" maw={260} style={{ overflowWrap: 'anywhere' }}>
        Nobody got the invitation: {invitation.refused}
      </Text>
    )
  );
}
