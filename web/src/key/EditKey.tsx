// Changes what a key is called, where it is used, what it opens and when it ends; its id, counters and values stay.
import { Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import type { Key } from '../api/nouns';
import { useAccountId } from '../account/seat';
import { note, Refused } from '../ui/notice';
import { useSubmit } from '../ui/submit';
import { clock, dayAndClock } from '../ui/time';
import { EXPIRIES, expiryOf } from './expiry';
import { ApiField, EnvironmentField } from './KeyFields';
import { draftOfKey, environmentOf, KEPT, useKeyForm } from './keyForm';
import { keyActions, useKeyChanged } from './query';

export function EditKey({ apiKey: key, opened, close }: { apiKey: Key; opened: boolean; close: () => void }) {
  return (
    <Modal opened={opened} onClose={close} title={`Edit ${key.name}`} size={500}>
      <EditForm apiKey={key} close={close} />
    </Modal>
  );
}

function EditForm({ apiKey: key, close }: { apiKey: Key; close: () => void }) {
  const account = useAccountId();
  const changed = useKeyChanged();
  const form = useKeyForm(draftOfKey(key));
  const { submit, busy, refusal } = useSubmit(form, async (draft) => {
    const { key: now, effective_at } = await keyActions.edit(
      { account, key: key.id },
      {
        name: draft.name.trim(),
        environment: environmentOf(draft),
        apis: draft.apis,
        ...(draft.expiry === KEPT ? {} : { expires_at: expiryOf(draft.expiry, Date.now()) }),
      },
    );
    await changed(now);
    close();
    note.done(`${now.name} is as you wrote it since ${clock(effective_at)}.`);
  });
  const kept = key.expires_at ? `As it is: ${dayAndClock(key.expires_at, Date.now())}` : 'As it is: never';
  const ends = EXPIRIES.filter(({ value }) => value !== 'never' || key.expires_at !== null);
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label="Name"
          description="Shown in the log and in every denial"
          data-autofocus
          {...form.getInputProps('name')}
        />
        <EnvironmentField form={form} />
        <Group grow align="start">
          <ApiField form={form} />
          <Select
            label="Expires"
            allowDeselect={false}
            data={[{ value: KEPT, label: kept }, ...ends]}
            {...form.getInputProps('expiry')}
            error={form.errors.expiry ?? form.errors.expires_at}
          />
        </Group>
        <Refused error={refusal} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={busy}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
