// A key's derived status in words, and how loud it is.
import type { Key } from '../api/nouns';
import type { Tone } from '../ui/status';

const STATES: Record<Key['status'], [Tone, string]> = {
  ok: ['good', 'OK'],
  disabled: ['off', 'Disabled'],
  expired: ['off', 'Expired'],
  expires_soon: ['warn', 'Expires soon'],
  many_denials: ['bad', 'Many denials'],
  low_quota: ['warn', 'Low quota'],
  holder_suspended: ['off', 'Holder suspended'],
  holder_ended: ['off', "Holder's seat ended"],
  no_value: ['info', 'No value yet'],
  revoked: ['off', 'Revoked'],
};

const DAY = 86_400_000;

export function stateOf(key: Pick<Key, 'status' | 'expires_at'>, now: number): { tone: Tone; word: string } {
  const [tone, word] = STATES[key.status];
  if (key.status !== 'expires_soon' || !key.expires_at) return { tone, word };
  const days = Math.ceil((Date.parse(key.expires_at) - now) / DAY);
  return { tone, word: days <= 1 ? 'Expires within a day' : `Expires in ${days} days` };
}

/** Whether someone should look at it. */
export const needsALook = (key: Pick<Key, 'status'>) => ['warn', 'bad'].includes(STATES[key.status][0]);

/** Values that still work, newest first; the grace period's come after the one that replaced them. */
export const openValues = (key: Pick<Key, 'values'>, now: number) =>
  key.values
    .filter((value) => value.revoked_at === null && (value.expires_at === null || Date.parse(value.expires_at) > now))
    .sort((a, b) => b.created_at.localeCompare(a.created_at));
