// The members of a key: who, which role, since when, how they stand, and the way off it.
import { ActionIcon, Group, Table, Text, useMatches } from '@mantine/core';
import { IconDoorExit, IconSearch, IconTrash } from '@tabler/icons-react';
import type { KeyMember } from '../api/nouns';
import { MemberStatus } from '../member/MemberStatus';
import { Undelivered } from '../member/Undelivered';
import type { GivenRole } from '../role/RoleOption';
import { Empty } from '../ui/empty';
import { When } from '../ui/when';
import { Who } from '../ui/who';
import { Why, whyNot } from '../ui/why';
import { KeyRoleSelect } from './KeyRoleSelect';
import type { TeamworkActions } from './query';

type MembersProps = {
  members: readonly KeyMember[];
  /** Those that can be given. */
  roles: GivenRole[];
  keyName: string;
  actions: TeamworkActions;
  /** Asks before somebody is taken off. */
  remove: (member: KeyMember) => void;
};

export function KeyMembers({ members, roles, keyName, actions, remove }: MembersProps) {
  if (members.length === 0) {
    return (
      <Empty icon={<IconSearch size={20} />} title="Nobody is called so">
        Nobody who works on {keyName} has this in their name or mail address.
      </Empty>
    );
  }
  return (
    <Table aria-label="Members of this key" layout="fixed" verticalSpacing={9} highlightOnHover={false}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th ps="lg">Person</Table.Th>
          <Table.Th visibleFrom="sm" w={190}>
            Role
          </Table.Th>
          <Table.Th visibleFrom="md" w={150}>
            Since
          </Table.Th>
          <Table.Th visibleFrom="sm" w={130}>
            Status
          </Table.Th>
          <Table.Th w={{ base: 62, sm: 76 }} ta="right" pe={{ base: 'sm', sm: 'lg' }}>
            Action
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {members.map((member) => (
          <MemberRow key={member.member_id} member={member} roles={roles} keyName={keyName} actions={actions} remove={remove} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

type RowProps = Omit<MembersProps, 'members'> & { member: KeyMember };

/** On a phone role and status stand beneath the person; why a mail came back has a row of its own. */
function MemberRow({ member, roles, keyName, actions, remove }: RowProps) {
  const { member_id, name, email, state, since, is_me, refused } = member;
  const role = <KeyRoleSelect member={member} roles={roles} change={(next) => actions.quietly(actions.changeRole(member, next))} />;
  const status = <MemberStatus state={state} refused={refused} />;
  // As many as the table shows: a cell that spans more would take width from them.
  const columns = useMatches({ base: 2, sm: 4, md: 5 });
  return (
    <>
      <Table.Tr style={refused ? { borderBottom: 0 } : undefined}>
        <Table.Td ps="lg">
          <Who id={member_id} name={name} email={email} size={32} note={is_me ? 'you' : undefined} />
          <Group hiddenFrom="sm" mt={6} ps={40} gap="xs">
            {role}
            {status}
          </Group>
        </Table.Td>
        <Table.Td visibleFrom="sm">{role}</Table.Td>
        <Table.Td visibleFrom="md">
          <Text span size="sm" c={since ? undefined : 'dimmed'}>
            {since ? <When at={since} as="day" /> : '—'}
          </Text>
        </Table.Td>
        <Table.Td visibleFrom="sm">{status}</Table.Td>
        <Table.Td ta="right" pe={{ base: 'sm', sm: 'lg' }}>
          <Remove member={member} keyName={keyName} remove={remove} />
        </Table.Td>
      </Table.Tr>
      {refused && (
        <Table.Tr>
          <Table.Td colSpan={columns} px="lg" pt={0}>
            <Undelivered refused={refused} />
          </Table.Td>
        </Table.Tr>
      )}
    </>
  );
}

/** Nobody takes the owner or the holder off; a dash says that this is no button. */
function Remove({ member, keyName, remove }: Pick<MembersProps, 'keyName' | 'remove'> & { member: KeyMember }) {
  const { name, is_me, is_owner, is_holder, role, can } = member;
  if (is_owner || (is_holder && role === null)) {
    return (
      <Text span c="dimmed" aria-label={is_owner ? 'The owner stays' : 'The holder stays'}>
        —
      </Text>
    );
  }
  return (
    <Why why={whyNot(can.remove)}>
      <ActionIcon
        aria-label={is_me ? `Leave ${keyName}` : `Delete ${name} from ${keyName}`}
        onClick={() => remove(member)}
      >
        {is_me ? <IconDoorExit size={17} /> : <IconTrash size={17} />}
      </ActionIcon>
    </Why>
  );
}
