// A member's role, changed in its row where one may.
import { Select, Text, Tooltip } from '@mantine/core';
import type { Member } from '../api/nouns';
import type { MemberActions } from './actions';
import { givenRoles } from './state';
import classes from './member.module.css';

export function RoleSelect({ member, actions }: { member: Member; actions: MemberActions }) {
  const { role, role_name, name, can } = member;
  if (!can.edit.allowed) {
    return (
      <Tooltip label={can.edit.why ?? 'You may not change this role.'}>
        <Text size="sm" span>
          {role_name ?? 'keys only'}
        </Text>
      </Tooltip>
    );
  }
  const change = (next: string | null) => {
    if (next !== null && next !== role) actions.quietly(actions.changeRole(member, next));
  };
  return (
    <Select
      aria-label={`Role of ${name}`}
      data={givenRoles}
      value={role}
      onChange={change}
      w={104}
      classNames={{ input: classes.roleInput }}
      comboboxProps={{ width: 130, position: 'bottom-start' }}
    />
  );
}
