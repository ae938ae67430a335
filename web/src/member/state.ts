// The states and roles of a member in words.
import type { MemberState } from '../api/nouns';
import type { Tone } from '../ui/status';

export const stateWord: Record<MemberState, string> = {
  pending: 'Invited',
  active: 'Active',
  suspended: 'Suspended',
  ended: 'Ended',
  removed: 'Removed',
};

export const stateTone: Record<MemberState, Tone> = {
  pending: 'info',
  active: 'good',
  suspended: 'warn',
  ended: 'off',
  removed: 'off',
};

/** What a built-in role that can be given may do, to go after "will be able to". */
export const roleMay: Partial<Record<string, string>> = {
  admin: 'invite, suspend and remove members, manage every key, and see every call',
  member: 'use and regenerate keys of their own, use shared ones, and see their own calls',
};
