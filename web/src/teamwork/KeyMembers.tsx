// The members of a key: who, which role, since when, how they stand, and the way off it.
import { ActionIcon, Box, Table, Text } from '@mantine/core';
import { IconDoorExit, IconTrash } from '@tabler/icons-react';
import type { KeyMember, Teamwork } from '../api/nouns';
import { stateTone, stateWord } from '../member/state';
import { Status } from '../ui/status';
import { When } from '../ui/when';
import { Who } from '../ui/who';
import { Why, whyNot } from '../ui/why';
import { KeyRoleSelect, rolesOf } from './KeyRoleSelect';
import type { TeamworkActions } from './query';

type MembersProps = {
  team: Teamwork;
  keyName: string;
  actions: TeamworkActions;
  /** Asks before somebody is taken off. */
  remove: (member: KeyMember) => void;
};

export function KeyMembers({ team, keyName, actions, remove }: MembersProps) {
  const roles = rolesOf(team);
  return (
    <Table aria-label="Members of this key" layout="fixed" verticalSpacing={9} highlightOnHover={false}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th ps="lg">Person</Table.Th>
          <Table.Th w={{ base: 148, sm: 190 }}>Role</Table.Th>
          <Table.Th visibleFrom="sm" w={150}>
            Since
          </Table.Th>
          <Table.Th visibleFrom="xs" w={120}>
            Status
          </Table.Th>
          <Table.Th w={{ base: 62, sm: 76 }} ta="right" pe={{ base: 'sm', sm: 'lg' }}>
            Action
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {team.members.map((member) => (
          <Table.Tr key={member.member_id}>
            <Table.Td ps="lg">
              <Who
                id={member.member_id}
                name={member.name}
                email={member.email}
                size={32}
                note={member.is_me ? 'you' : undefined}
              />
            </Table.Td>
            <Table.Td>
              <KeyRoleSelect
                member={member}
                roles={roles}
                change={(role) => actions.quietly(actions.changeRole(member, role))}
              />
              <Box hiddenFrom="xs" mt={4}>
                <Status tone={stateTone[member.state]}>{stateWord[member.state]}</Status>
              </Box>
            </Table.Td>
            <Table.Td visibleFrom="sm">
              <Text span size="sm" c={member.since ? undefined : 'dimmed'}>
                {member.since ? <When at={member.since} as="day" /> : '—'}
              </Text>
            </Table.Td>
            <Table.Td visibleFrom="xs">
              <Status tone={stateTone[member.state]}>{stateWord[member.state]}</Status>
            </Table.Td>
            <Table.Td ta="right" pe={{ base: 'sm', sm: 'lg' }}>
              <Remove member={member} keyName={keyName} remove={remove} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
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
