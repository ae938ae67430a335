// Makes an account for a customer: its name and who is invited to own it.
import { Box, Button, Group, Modal, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconMail } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useInstance } from '../account/query';
import { answer, client } from '../api/client';
import { paths } from '../paths';
import { emailProblem, nameProblem } from '../ui/checks';
import { note, Refused } from '../ui/notice';
import { useSubmit } from '../ui/submit';
import { useAccountChanged } from './query';

const nothing = { name: '', owner_name: '', owner_email: '' };

export function NewAccount({ opened, close }: { opened: boolean; close: () => void }) {
  const changed = useAccountChanged();
  const navigate = useNavigate();
  const hasMail = useInstance().data?.has_mail ?? true;
  const form = useForm({
    initialValues: nothing,
    validate: { name: nameProblem, owner_name: nameProblem, owner_email: emailProblem },
  });
  const { submit, busy, refusal } = useSubmit(form, async (values) => {
    const body = { name: values.name.trim(), owner_name: values.owner_name.trim(), owner_email: values.owner_email.trim() };
    const account = await answer(client.POST('/operator/accounts', { body }));
    form.reset();
    await changed(account);
    await navigate({ to: paths.operatorAccount, params: { account: account.id } });
    note.done(
      hasMail
        ? `${account.name} is made. The invitation is on its way to ${body.owner_email}.`
        : `${account.name} is made. This Keyward sends no mail: find the owner's link in the Outbox.`,
    );
  });
  const { owner_email } = form.values;
  return (
    <Modal opened={opened} onClose={close} title="New account" size={500}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <TextInput label="Name of the account" autoComplete="off" data-autofocus {...form.getInputProps('name')} />
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
            <TextInput label="Owner's name" autoComplete="off" {...form.getInputProps('owner_name')} />
            <TextInput label="Owner's mail" type="email" autoComplete="off" {...form.getInputProps('owner_email')} />
          </SimpleGrid>
          <Box px={12} py={10} bdrs="md" bg="var(--kw-wash)">
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              {owner_email.trim() || 'The owner'} gets a link that works once, for 7 days. The account begins under the default plan of
              each API.
            </Text>
          </Box>
          <Refused error={refusal} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={busy} leftSection={<IconMail size={15} />}>
              Make it and send the invitation
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
