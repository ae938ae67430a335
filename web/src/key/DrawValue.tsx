// Draws a new value: for oneself, or for the account; says what becomes of the one before.
import { Button, Group, Modal, Select, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Key, NewValue, Value } from '../api/nouns';
import { useAccountId } from '../account/seat';
import { plural } from '../ui/format';
import { Refused } from '../ui/notice';
import { keyActions, useKeyChanged } from './query';

const GRACES = [0, 1, 7, 30] as const;

type DrawProps = {
  apiKey: Key;
  mine: Value | undefined;
  opened: boolean;
  close: () => void;
  drawn: (value: NewValue) => void;
};

export function DrawValue({ apiKey: key, mine, opened, close, drawn }: DrawProps) {
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={mine ? `Regenerate your value for ${key.name}` : `Draw a value for ${key.name}`}
      size={480}
    >
      <DrawForm apiKey={key} mine={mine} close={close} drawn={drawn} />
    </Modal>
  );
}

function DrawForm({ apiKey: key, mine, close, drawn }: Omit<DrawProps, 'opened'>) {
  const account = useAccountId();
  const changed = useKeyChanged();
  const [owner, setOwner] = useState<'me' | 'account'>('me');
  const [grace, setGrace] = useState(0);
  const draw = useMutation({
    mutationFn: () => keyActions.draw({ account, key: key.id }, owner, grace),
    onSuccess: async (answer) => {
      drawn(answer.value);
      close();
      await changed(answer.key);
    },
  });
  const before = owner === 'me' ? mine : key.values.find((value) => value.member === null && isCurrent(value));
  return (
    <Stack gap="md">
      {key.can.draw_for_account.allowed && (
        <Select
          label="For whom"
          description="A service's value belongs to no member and stays when people go"
          data={[
            { value: 'me', label: 'Me' },
            { value: 'account', label: 'A service of the account' },
          ]}
          value={owner}
          onChange={(to) => setOwner(to === 'account' ? 'account' : 'me')}
        />
      )}
      {before && <GraceField before={before} grace={grace} onGrace={setGrace} />}
      <Text size="sm" c="dimmed">
        The new value is shown next, once. {before && whatHappens(grace)}
      </Text>
      <Refused error={draw.error} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button loading={draw.isPending} onClick={() => draw.mutate()} data-autofocus>
          {before ? 'Regenerate' : 'Draw value'}
        </Button>
      </Group>
    </Stack>
  );
}

const isCurrent = (value: Value) => value.expires_at === null && value.revoked_at === null;

const whatHappens = (grace: number) =>
  grace === 0
    ? 'Programs that still use the old one are refused from that moment on.'
    : 'Both work until then, so that programs can be moved one by one.';

function GraceField({ before, grace, onGrace }: { before: Value; grace: number; onGrace: (days: number) => void }) {
  return (
    <Select
      label="The value before"
      description={before.mask}
      data={GRACES.map((days) => ({
        value: String(days),
        label: days === 0 ? 'Stops at once' : `Works for ${plural(days, 'more day')}`,
      }))}
      value={String(grace)}
      onChange={(days) => onGrace(Number(days))}
    />
  );
}
