// Makes a key, and shows its first value once.
import { Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { answer, client } from '../api/client';
import type { Key, NewValue } from '../api/nouns';
import { useSeat } from '../account/seat';
import { note, Refused } from '../ui/notice';
import { useSubmit } from '../ui/submit';
import { clock } from '../ui/time';
import { EXPIRIES, expiryOf } from './expiry';
import { ApiField, EnvironmentField, UseFields, WhatHappens } from './KeyFields';
import { environmentOf, KEPT, metadataOf, newDraft, useKeyForm } from './keyForm';
import { MetadataField } from './MetadataField';
import { NewValueDialog } from './NewValueDialog';
import { useKeyChanged } from './query';

type Made = { key: Key; value: NewValue };

export function CreateKey({ opened, close }: { opened: boolean; close: () => void }) {
  const [made, setMade] = useState<Made | null>(null);
  return (
    <>
      <Modal opened={opened} onClose={close} title="Create key" size={500}>
        <CreateForm close={close} made={setMade} />
      </Modal>
      <NewValueDialog keyName={made?.key.name ?? ''} value={made?.value ?? null} onStored={() => setMade(null)} />
    </>
  );
}

function CreateForm({ close, made }: { close: () => void; made: (made: Made) => void }) {
  const seat = useSeat();
  const changed = useKeyChanged();
  const form = useKeyForm(newDraft(seat.member_id));
  const { submit, busy, refusal } = useSubmit(form, async (draft) => {
    const body = {
      name: draft.name.trim(),
      environment: environmentOf(draft),
      sharing: draft.sharing,
      holder: draft.sharing === 'own' ? draft.holder : undefined,
      apis: draft.apis,
      metadata: metadataOf(draft.metadata),
      expires_at: draft.expiry === KEPT ? null : expiryOf(draft.expiry, Date.now()),
    };
    const { key, value, effective_at } = await answer(
      client.POST('/accounts/{account}/keys', { params: { path: { account: seat.account.id } }, body }),
    );
    close();
    if (value) made({ key, value });
    else note.done(`${key.name} is made since ${clock(effective_at)}. Its holder draws the value.`);
    await changed(key);
  });
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label="Name"
          description="Shown in the log and in every denial"
          placeholder="ticket-checkout"
          data-autofocus
          {...form.getInputProps('name')}
        />
        <EnvironmentField form={form} />
        <UseFields form={form} />
        <Group grow align="start">
          <ApiField form={form} />
          <Select label="Expires" data={[...EXPIRIES]} {...form.getInputProps('expiry')} />
        </Group>
        <MetadataField form={form} />
        <Refused error={refusal} />
        <WhatHappens form={form} />
        <Group justify="flex-end" mt={4}>
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={busy}>
            Create key
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
