// Gives a key another name; its id, counters and values stay.
import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { Key } from '../api/nouns';
import { useAccountId } from '../account/seat';
import { nameProblem } from '../ui/checks';
import { note, Refused } from '../ui/notice';
import { useSubmit } from '../ui/submit';
import { keyActions, useKeyChanged } from './query';

export function RenameKey({ apiKey: key, opened, close }: { apiKey: Key; opened: boolean; close: () => void }) {
  return (
    <Modal opened={opened} onClose={close} title={`Rename ${key.name}`} size={440}>
      <RenameForm apiKey={key} close={close} />
    </Modal>
  );
}

function RenameForm({ apiKey: key, close }: { apiKey: Key; close: () => void }) {
  const account = useAccountId();
  const changed = useKeyChanged();
  const form = useForm({ initialValues: { name: key.name }, validate: { name: nameProblem } });
  const { submit, busy, refusal } = useSubmit(form, async ({ name }) => {
    const { key: now } = await keyActions.rename({ account, key: key.id }, name.trim());
    await changed(now);
    close();
    note.done(`${key.name} is called ${now.name} now.`);
  });
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label="Name"
          description="Shown in the log and in every denial"
          data-autofocus
          {...form.getInputProps('name')}
        />
        <Refused error={refusal} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={busy}>
            Rename
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
