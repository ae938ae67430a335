// Hands one key over to another member, after saying what ends with it.
import { Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useAccountId } from '../account/seat';
import { answer, client } from '../api/client';
import type { Key, Member } from '../api/nouns';
import { Confirm } from '../ui/confirm';
import { note } from '../ui/notice';
import { clock } from '../ui/time';
import { MemberSelect } from './MemberSelect';
import { useMemberChanged } from './query';

type HandOverProps = { apiKey: Key; holder: Member; close: () => void };

export function HandOverKey({ apiKey: key, holder, close }: HandOverProps) {
  const account = useAccountId();
  const changed = useMemberChanged();
  const [receiver, setReceiver] = useState<Member>();
  const [missing, setMissing] = useState(false);
  const run = async () => {
    if (receiver === undefined) {
      setMissing(true);
      return false;
    }
    const params = { path: { account, key: key.id } };
    const { effective_at } = await answer(
      client.PUT('/accounts/{account}/keys/{key}/holder', { params, body: { member: receiver.id } }),
    );
    await changed();
    note.done(`${receiver.name} holds ${key.name} since ${clock(effective_at)}. The value of ${holder.name} is over.`);
    return true;
  };
  return (
    <Confirm opened close={close} title={`Hand ${key.name} over?`} action={`Hand ${key.name} over`} run={run}>
      <Stack gap="sm">
        <MemberSelect
          label="New holder"
          placeholder="Choose a member"
          activeOnly
          except={holder.id}
          value={receiver?.id ?? null}
          onChange={(_, member) => {
            setReceiver(member);
            setMissing(false);
          }}
          error={missing ? 'Choose who gets it.' : null}
        />
        <Text size="sm">
          The value of <b>{holder.name}</b> is revoked for good, and the new holder draws their own. Limits, lists and counters of the key
          stay; from then on its calls count on the new holder's caps. The log keeps the name of who made each call.
        </Text>
      </Stack>
    </Confirm>
  );
}
