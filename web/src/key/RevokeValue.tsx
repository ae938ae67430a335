// Revokes one value for good; the key and the other values stay.
import type { Key, Value } from '../api/nouns';
import { useAccountId } from '../account/seat';
import { Confirm } from '../ui/confirm';
import { note } from '../ui/notice';
import { clock } from '../ui/time';
import { keyActions, useKeyChanged } from './query';

type RevokeProps = { apiKey: Key; value: Value; opened: boolean; close: () => void };

export function RevokeValue({ apiKey: key, value, opened, close }: RevokeProps) {
  const account = useAccountId();
  const changed = useKeyChanged();
  const whose = value.is_mine ? 'your' : value.member ? `${value.member.name}’s` : 'the service’s';
  const run = async () => {
    const { key: now, effective_at } = await keyActions.revokeValue({ account, key: key.id }, value.id);
    await changed(now);
    note.done(`${value.mask} is revoked since ${clock(effective_at)}.`);
  };
  return (
    <Confirm opened={opened} close={close} title={`Revoke ${whose} value?`} action={`Revoke ${value.mask}`} run={run}>
      {value.mask} of {key.name} is refused from that moment on, and it cannot be taken back. A new one can be drawn.
    </Confirm>
  );
}
