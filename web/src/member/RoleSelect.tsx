// A member's role, changed in its row where one may.
import { Select, Text, Tooltip } from '@mantine/core';
import type { Member } from '../api/nouns';
import { roleOption } from '../role/RoleOption';
import { useGivenRoles } from '../role/useGivenRoles';
import type { MemberActions } from './actions';
import classes from './member.module.css';

/** A seat without a role in the account. */
export const KEYS_ONLY = 'keys only';

export function RoleSelect({ member, actions }: { member: Member; actions: MemberActions }) {
  const { role, role_name, name, can } = member;
  const roles = useGivenRoles();
  if (!can.edit.allowed) {
    return (
      <Tooltip label={can.edit.why ?? 'You may not change this role.'}>
        <Text size="sm" span>
          {role_name ?? KEYS_ONLY}
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
      placeholder={KEYS_ONLY}
      data={roles}
      value={role}
      onChange={change}
      w="calc(100% + 10px)"
      maw={150}
      classNames={{ input: classes.roleInput }}
      comboboxProps={{ width: 200, position: 'bottom-start' }}
      renderOption={roleOption(roles)}
    />
  );
}
