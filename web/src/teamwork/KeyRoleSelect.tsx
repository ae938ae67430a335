// A member's role on the key, changed in its row, also while they are invited.
import { Select, Text, Tooltip } from '@mantine/core';
import type { KeyMember, Teamwork } from '../api/nouns';
import { roleOption, type GivenRole } from '../role/RoleOption';

type SelectProps = { member: KeyMember; roles: GivenRole[]; change: (role: string) => void };

/** The roles of a key as one can choose from them. */
export const rolesOf = (team: Teamwork): GivenRole[] =>
  team.roles.map(({ id, name, give }) => ({ value: id, label: name, disabled: !give.allowed, why: give.why }));

export function KeyRoleSelect({ member, roles, change }: SelectProps) {
  const { name, role, can } = member;
  if (!can.change.allowed) {
    return (
      <Tooltip label={can.change.why ?? 'You may not change this role.'} events={{ hover: true, focus: true, touch: true }}>
        <Text span size="sm" tabIndex={0}>
          {wordOf(member)}
        </Text>
      </Tooltip>
    );
  }
  const offered = role === null || roles.some(({ value }) => value === role) ? roles : [...roles, heldBy(member)];
  return (
    <Select
      aria-label={`Role of ${name}`}
      placeholder={wordOf(member)}
      data={offered}
      value={role}
      onChange={(next) => next !== null && next !== role && change(next)}
      maw={160}
      comboboxProps={{ width: 220, position: 'bottom-start' }}
      renderOption={roleOption(offered)}
    />
  );
}

/** What they hold is in the list though nobody gives it: "creator". */
const heldBy = ({ role, role_name }: KeyMember): GivenRole => ({
  value: role ?? '',
  label: role_name ?? '',
  disabled: true,
  why: 'Held by who made the key; it is not given.',
});

/** Whoever has no role on the key is on it for another reason; the owner is the owner, also of keys they made. */
function wordOf({ is_owner, is_holder, role_name, account_role_name }: KeyMember): string {
  if (is_owner) return 'owner';
  return role_name ?? (is_holder ? 'holder' : (account_role_name ?? 'no role'));
}
