// A role for tests: nothing but its id matters unless a test says so.
import type { Role } from '../api/nouns';

const yes = { allowed: true, why: null };
export const roleOf = (id: string, more: Partial<Role> = {}): Role => ({
  id,
  name: id,
  built_in: false,
  key_id: null,
  all: [],
  permissions: ['keys.view'],
  allows: ['keys.view'],
  holders: 0,
  created_at: null,
  can: { edit: yes, delete: yes, give: yes },
  ...more,
});
