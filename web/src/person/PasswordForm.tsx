// Chooses a password: for a new person, and for one who forgot theirs.
import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { passwordProblem, SHORTEST_PASSWORD } from '../ui/checks';
import { Refused } from '../ui/notice';
import { useSubmit } from '../ui/submit';

type PasswordFormProps = { email: string; action: string; send: (password: string) => Promise<void> };

export function PasswordForm({ email, action, send }: PasswordFormProps) {
  const form = useForm({ initialValues: { password: '' }, validate: { password: passwordProblem } });
  const { submit, busy, refusal } = useSubmit(form, ({ password }) => send(password));
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <TextInput label="Mail" type="email" autoComplete="username" readOnly value={email} variant="filled" />
        <PasswordInput
          label="Password"
          description={`At least ${SHORTEST_PASSWORD} characters; a few words are good`}
          autoComplete="new-password"
          autoFocus
          {...form.getInputProps('password')}
        />
        <Refused error={refusal} />
        <Button type="submit" loading={busy} fullWidth>
          {action}
        </Button>
      </Stack>
    </form>
  );
}
