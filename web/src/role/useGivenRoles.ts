// The roles of the account, as one can choose from them for a member.
import { useQuery } from '@tanstack/react-query';
import { useSeat } from '../account/seat';
import type { GivenRole } from './RoleOption';
import { rolesQuery } from './query';

/** What everybody knows before the API has answered, and all that there is for who may not see roles. */
const BUILT_IN: GivenRole[] = ['member', 'admin'].map((role) => ({ value: role, label: role, disabled: false, why: null }));

export function useGivenRoles(): GivenRole[] {
  const { account, permissions } = useSeat();
  const { data } = useQuery({ ...rolesQuery({ account: account.id }), enabled: permissions.includes('teamwork.view') });
  if (!data) return BUILT_IN;
  return data.roles
    .filter(({ id }) => id !== 'owner')
    .map(({ id, name, can: { give } }) => ({ value: id, label: name, disabled: !give.allowed, why: give.why }));
}
