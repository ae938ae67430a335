// Draws the secret of a key: the first one, or another in its place with a time for both.
import { Button, Group, Modal, Select, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useAccountId } from '../account/seat';
import type { Key } from '../api/nouns';
import { plural } from '../ui/format';
import { Refused } from '../ui/notice';
import { keyActions, useKeyChanged } from './query';

const GRACES = [0, 1, 7, 30] as const;

type DrawProps = { apiKey: Key; opened: boolean; close: () => void; drawn: (secret: string) => void };

export function DrawSecret({ apiKey: key, opened, close, drawn }: DrawProps) {
  const title = key.secret ? `Rotate the secret of ${key.name}` : `Draw a secret for ${key.name}`;
  return (
    <Modal opened={opened} onClose={close} title={title} size={480}>
      <DrawForm apiKey={key} close={close} drawn={drawn} />
    </Modal>
  );
}

function DrawForm({ apiKey: key, close, drawn }: Omit<DrawProps, 'opened'>) {
  const account = useAccountId();
  const changed = useKeyChanged();
  const [grace, setGrace] = useState(0);
  const draw = useMutation({
    mutationFn: () => keyActions.drawSecret({ account, key: key.id }, grace),
    onSuccess: async (answer) => {
      drawn(answer.secret);
      close();
      await changed(answer.key);
    },
  });
  return (
    <Stack gap="md">
      {key.secret && (
        <Select
          label="The secret before"
          description={key.secret.mask}
          data={GRACES.map((days) => ({
            value: String(days),
            label: days === 0 ? 'Stops at once' : `Works for ${plural(days, 'more day')}`,
          }))}
          value={String(grace)}
          onChange={(days) => setGrace(Number(days))}
        />
      )}
      <Text size="sm" c="dimmed">
        It is shown next, once. {key.secret ? '' : 'No call has to bring it before you say so.'}
      </Text>
      <Refused error={draw.error} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button loading={draw.isPending} onClick={() => draw.mutate()} data-autofocus>
          {key.secret ? 'Rotate the secret' : 'Draw the secret'}
        </Button>
      </Group>
    </Stack>
  );
}
