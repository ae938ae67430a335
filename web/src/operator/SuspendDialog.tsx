// Asks before an account is suspended: what stops, what stays, and why it is done.
import { Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { OperatorAccount } from '../api/nouns';
import { Confirm } from '../ui/confirm';
import { plural } from '../ui/format';
import { useOperatorActions } from './actions';

const LONGEST_REASON = 200;

type SuspendProps = { account: OperatorAccount; opened: boolean; close: () => void };

export function SuspendDialog({ account, opened, close }: SuspendProps) {
  const [reason, setReason] = useState('');
  const { suspend } = useOperatorActions(account);
  const { name, keys, members } = account;
  return (
    <Confirm
      opened={opened}
      close={close}
      title={`Suspend ${name}?`}
      action={`Suspend ${name}`}
      run={async () => {
        await suspend(reason);
        setReason('');
      }}
    >
      <Stack gap="md">
        <Text size="sm">
          Every call with its {plural(keys.used, 'key')} is refused at once, and what still runs is cut. Nothing is lost: its{' '}
          {plural(members.used, 'member')} can sign in, look, and see whom to ask.
        </Text>
        <TextInput
          label="Reason"
          description="For the owner's mail and the audit trail; may stay empty"
          maxLength={LONGEST_REASON}
          value={reason}
          onChange={({ currentTarget: { value } }) => setReason(value)}
        />
      </Stack>
    </Confirm>
  );
}
