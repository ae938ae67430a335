// Makes an access token: its name, the account it is for, what it may do there, and when it ends.
import { Button, Checkbox, Group, Modal, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { answer, client } from '../api/client';
import { nameProblem } from '../ui/checks';
import { Mono } from '../ui/mono';
import { Refused } from '../ui/notice';
import { useSubmit } from '../ui/submit';
import { byModule, endAfter } from './access-tokens';
import { useMe } from './me';

const LIVES = [
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
  { value: 'never', label: 'Only when I end it' },
];

type Props = { opened: boolean; close: () => void; made: (text: string) => void };

export function MakeAccessToken({ opened, close, made }: Props) {
  return (
    <Modal opened={opened} onClose={close} title="Make an access token" size={720}>
      <MakeForm close={close} made={made} />
    </Modal>
  );
}

function MakeForm({ close, made }: Omit<Props, 'opened'>) {
  const { person, seats } = useMe();
  const active = seats.filter((seat) => seat.state === 'active');
  const form = useForm({
    initialValues: { name: '', account_id: active[0]?.account.id ?? '', permissions: [] as string[], life: '90', is_operator: false },
    validate: {
      name: nameProblem,
      permissions: (chosen: string[], { account_id }: { account_id: string }) =>
        account_id !== '' && chosen.length === 0 ? 'Choose at least one permission.' : null,
      is_operator: (chosen: boolean, { account_id }: { account_id: string }) =>
        account_id === '' && !chosen ? 'A token for no account is an operator’s.' : null,
    },
  });
  const { submit, busy, refusal } = useSubmit(form, async ({ name, account_id, permissions, life, is_operator }) => {
    const expires_at = endAfter(life === 'never' ? null : Number(life), Date.now());
    const body = { name: name.trim(), account_id: account_id === '' ? null : account_id, permissions, is_operator, expires_at };
    const { text } = await answer(client.POST('/access-tokens', { body }));
    close();
    made(text);
  });
  const accounts = active.map(({ account }) => ({ value: account.id, label: account.name }));
  if (person.is_operator) accounts.push({ value: '', label: 'No account: only what operators do' });
  const seat = active.find(({ account }) => account.id === form.values.account_id);
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <TextInput label="Name" description="Which program has it" placeholder="Deploy script" data-autofocus {...form.getInputProps('name')} />
        <Group grow align="flex-start">
          <Select
            label="Account"
            data={accounts}
            allowDeselect={false}
            {...form.getInputProps('account_id')}
            onChange={(account) => form.setValues({ account_id: account ?? '', permissions: [] })}
          />
          <Select label="Ends" data={LIVES} allowDeselect={false} {...form.getInputProps('life')} />
        </Group>
        {seat && (
          <Checkbox.Group
            label="What it may do"
            description="At each request, only what you may do yourself at that moment"
            {...form.getInputProps('permissions')}
          >
            <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }} spacing="md" mt="sm">
              {byModule(seat.permissions).map(({ name, permissions }) => (
                <Stack key={name} gap={6}>
                  <Text size="xs" c="dimmed">
                    {name}
                  </Text>
                  {permissions.map((permission) => (
                    <Checkbox key={permission} value={permission} label={<Mono>{permission}</Mono>} />
                  ))}
                </Stack>
              ))}
            </SimpleGrid>
          </Checkbox.Group>
        )}
        {person.is_operator && (
          <Checkbox label="It may do what operators do" {...form.getInputProps('is_operator', { type: 'checkbox' })} />
        )}
        <Text size="sm" c="dimmed">
          It cannot sign in, make other tokens, or change your password.
        </Text>
        <Refused error={refusal} />
        {/* The list of permissions is longer than a low window: the buttons stay in sight. */}
        <Group justify="flex-end" gap="xs" pos="sticky" bottom={0} py="sm" mb="calc(var(--mantine-spacing-md) * -1)" bg="var(--mantine-color-body)">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={busy}>
            Make the token
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
