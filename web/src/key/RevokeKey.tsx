// Revokes a key for good, after saying what that ends.
import { useNavigate } from '@tanstack/react-router';
import type { Key } from '../api/nouns';
import { useAccountId } from '../account/seat';
import { paths } from '../paths';
import { Confirm } from '../ui/confirm';
import { plural } from '../ui/format';
import { note } from '../ui/notice';
import { useNow } from '../ui/now';
import { clock } from '../ui/time';
import { keyActions, useKeyChanged } from './query';
import { openValues } from './state';

export function RevokeKey({ apiKey: key, opened, close }: { apiKey: Key; opened: boolean; close: () => void }) {
  const account = useAccountId();
  const changed = useKeyChanged();
  const navigate = useNavigate();
  const values = openValues(key, useNow()).length;
  const run = async () => {
    const { key: now, effective_at } = await keyActions.revoke({ account, key: key.id });
    await changed(now);
    note.done(`${key.name} is revoked since ${clock(effective_at)}.`);
    await navigate({ to: paths.keys });
  };
  return (
    <Confirm opened={opened} close={close} title={`Revoke ${key.name}?`} action={`Revoke ${key.name}`} run={run}>
      Calls with {values === 1 ? 'its value' : `its ${plural(values, 'value')}`} are refused from that moment on, and it
      cannot be taken back. Its calls stay in the log.
      {key.calls_24h > 0 && <> It made {plural(key.calls_24h, 'call')} in the last 24 hours.</>}
    </Confirm>
  );
}
