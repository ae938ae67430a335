// Changes what a key is called, where it is used, what it opens and when it ends; its id, counters and values stay.
import { Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Key } from '../api/nouns';
import { useAccountId } from '../account/seat';
import { note, Refused } from '../ui/notice';
import { useSubmit } from '../ui/submit';
import { clock, dayAndClock } from '../ui/time';
import { ChangedMeanwhile, isMeanwhile } from './ChangedMeanwhile';
import { EXPIRIES, expiryOf } from './expiry';
import { ApiField, EnvironmentField } from './KeyFields';
import { draftOfKey, environmentOf, KEPT, metadataOf, onTop, useKeyForm } from './keyForm';
import { MetadataField } from './MetadataField';
import { keyActions, keyQuery, useKeyChanged } from './query';

export function EditKey({ apiKey: key, opened, close }: { apiKey: Key; opened: boolean; close: () => void }) {
  return (
    <Modal opened={opened} onClose={close} title={`Edit ${key.name}`} size={500}>
      <EditForm apiKey={key} close={close} />
    </Modal>
  );
}

function EditForm({ apiKey, close }: { apiKey: Key; close: () => void }) {
  const account = useAccountId();
  const cache = useQueryClient();
  const changed = useKeyChanged();
  // The key that the draft was made from: what arrives meanwhile is taken in when one is told of it, not behind one's back.
  const [key, setKey] = useState(apiKey);
  const [busyTaking, setTaking] = useState(false);
  const [reason, setReason] = useState('');
  const form = useKeyForm(draftOfKey(key));
  const { submit, busy, refusal, clear } = useSubmit(form, async (draft) => {
    const body = {
      name: draft.name.trim(),
      environment: environmentOf(draft),
      apis: draft.apis,
      metadata: metadataOf(draft.metadata),
      reason: reason.trim() || null,
      ...(draft.expiry === KEPT ? {} : { expires_at: expiryOf(draft.expiry, Date.now()) }),
    };
    const { key: now, effective_at } = await keyActions.edit({ account, key: key.id }, key.version, body);
    await changed(now);
    close();
    note.done(`${now.name} is as you wrote it since ${clock(effective_at)}.`);
  });
  const takeIn = async () => {
    setTaking(true);
    try {
      const now = await cache.fetchQuery({ ...keyQuery(account, key.id), staleTime: 0 });
      form.setValues(onTop(draftOfKey(key), form.getValues(), draftOfKey(now)));
      setKey(now);
      clear();
    } finally {
      setTaking(false);
    }
  };
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
        <MetadataField form={form} />
        <TextInput
          label="Why"
          description="For the history; may stay empty"
          maxLength={200}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {isMeanwhile(refusal) ? (
          <ChangedMeanwhile keyId={key.id} seen={key.version} busy={busyTaking} takeIn={() => void takeIn()} />
        ) : (
          <Refused error={refusal} />
        )}
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
