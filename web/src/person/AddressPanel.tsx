// Asks for another mail address to sign in with; nothing changes before it is confirmed there.
import { Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useInstance } from '../account/query';
import { answer, client } from '../api/client';
import { emailProblem } from '../ui/checks';
import { note, Refused } from '../ui/notice';
import { Panel } from '../ui/panel';
import { useSubmit } from '../ui/submit';
import { CodeInput, codeProblem } from './CodeInput';
import { useMe } from './me';
import { proven } from './second-factor';

export function AddressPanel() {
  const { email: present, has_second_factor } = useMe().person;
  const hasMail = useInstance().data?.has_mail ?? true;
  const form = useForm({
    initialValues: { email: '', password: '', code: '' },
    validate: {
      email: emailProblem,
      password: (password) => (password === '' ? 'Write your password.' : null),
      code: (code) => (has_second_factor ? codeProblem(code) : null),
    },
  });
  const { submit, busy, refusal } = useSubmit(form, async ({ email, password, code }) => {
    const body = { email: email.trim(), password, ...(has_second_factor && { code }) };
    await proven(answer(client.POST('/me/address', { body })));
    form.reset();
    note.done(
      hasMail
        ? `If nobody else has it, ${body.email} gets a link. You sign in with ${present} until you follow it.`
        : `This Keyward sends no mail: the operator finds the link to ${body.email} in the Outbox.`,
    );
  });
  return (
    <Panel title="Mail address">
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <TextInput label="New mail address" description={`In place of ${present}; it gets a link that works once, for a day`} type="email" autoComplete="email" {...form.getInputProps('email')} />
          <PasswordInput label="Password" description="So that nobody else at this screen can change it" autoComplete="current-password" {...form.getInputProps('password')} />
          {has_second_factor && <CodeInput {...form.getInputProps('code')} />}
          <Refused error={refusal} />
          <Group justify="space-between">
            <Button type="submit" loading={busy}>
              Send the link
            </Button>
            <Text size="xs" c="dimmed">
              Once it is followed, every other session ends, and your access tokens
            </Text>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
