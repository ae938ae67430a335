// Renames the account.
import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import { IconPencil } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { answer, client } from '../api/client';
import type { Account } from '../api/nouns';
import { meQuery } from '../person/me';
import { nameProblem } from '../ui/checks';
import { note, Refused } from '../ui/notice';
import { useSubmit } from '../ui/submit';
import { Why } from '../ui/why';
import { accountQuery } from './query';
import { useWhyNot } from './seat';

export function RenameAccount({ account }: { account: Account }) {
  const [opened, dialog] = useDisclosure();
  return (
    <>
      <Why why={useWhyNot()('account.edit')}>
        <Button variant="default" leftSection={<IconPencil size={15} />} onClick={dialog.open}>
          Rename account
        </Button>
      </Why>
      <Modal opened={opened} onClose={dialog.close} title="Rename account" size={420}>
        <RenameForm account={account} close={dialog.close} />
      </Modal>
    </>
  );
}

function RenameForm({ account, close }: { account: Account; close: () => void }) {
  const cache = useQueryClient();
  const form = useForm({ initialValues: { name: account.name }, validate: { name: nameProblem } });
  const { submit, busy, refusal } = useSubmit(form, async ({ name }) => {
    const path = { account: account.id };
    const renamed = await answer(client.PATCH('/accounts/{account}', { params: { path }, body: { name: name.trim() } }));
    cache.setQueryData(accountQuery(account.id).queryKey, renamed);
    close();
    await cache.invalidateQueries(meQuery);
    note.done(`The account is called ${renamed.name} now.`);
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <TextInput label="Name" description="In every page, mail and invitation" data-autofocus {...form.getInputProps('name')} />
        <Refused error={refusal} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={busy}>
            Rename account
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
