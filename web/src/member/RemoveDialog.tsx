// Asks before a member is removed: whom, how many keys they hold, and what becomes of these.
import { Box, Radio, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useWhyNot } from '../account/seat';
import type { Member } from '../api/nouns';
import { Confirm } from '../ui/confirm';
import { plural } from '../ui/format';
import type { MemberActions } from './actions';
import { MemberSelect } from './MemberSelect';

type RemoveDialogProps = { member: Member; actions: MemberActions; close: () => void };

export function RemoveDialog({ member, actions, close }: RemoveDialogProps) {
  const { name, email, keys } = member;
  const [hands, setHands] = useState(false);
  const [to, setTo] = useState<Member>();
  const receiver = hands ? to : undefined;
  const [missing, setMissing] = useState(false);
  const run = async () => {
    if (hands && receiver === undefined) {
      setMissing(true);
      return false;
    }
    await actions.remove(member, receiver);
    return true;
  };
  return (
    <Confirm opened close={close} title={`Remove ${name}?`} action={`Remove ${name}`} run={run}>
      <Stack gap="sm">
        <Text size="sm">
          Every value of <b>{name}</b> ({email}) is revoked for good, and their seat is free again. Their calls stay in the log under their
          name. To have them back you would invite them anew; this cannot be undone.
        </Text>
        {keys > 0 && (
          <Keys name={name} keys={keys} hands={hands} choose={setHands}>
            <MemberSelect
              aria-label={`Who gets the keys of ${name}`}
              placeholder="Choose a member"
              activeOnly
              except={member.id}
              value={to?.id ?? null}
              onChange={(_, next) => {
                setTo(next);
                setMissing(false);
              }}
              error={missing ? 'Choose who gets them.' : null}
              comboboxProps={{ withinPortal: true }}
            />
          </Keys>
        )}
      </Stack>
    </Confirm>
  );
}

type KeysProps = { name: string; keys: number; hands: boolean; choose: (hands: boolean) => void; children: React.ReactNode };

function Keys({ name, keys, hands, choose, children }: KeysProps) {
  const whyNot = useWhyNot()('keys.edit');
  const many = plural(keys, 'own key');
  return (
    <Radio.Group
      label={`What becomes of ${name}'s ${many}?`}
      value={hands ? 'hand' : 'revoke'}
      onChange={(value) => choose(value === 'hand')}
    >
      <Stack gap="xs" mt={6}>
        <Radio value="revoke" label="Revoke for good" description="Programs that call with them stop at once." />
        <Radio
          value="hand"
          disabled={whyNot !== null}
          label={keys === 1 ? 'Hand it over' : 'Hand them over'}
          description={whyNot ?? 'Limits, lists and counters stay. The new holder draws a value of their own.'}
        />
        {hands && <Box pl={28}>{children}</Box>}
      </Stack>
    </Radio.Group>
  );
}
