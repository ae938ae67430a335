// Chooses a password: for a new person, and for one who forgot theirs; of who has a second factor it asks for a code too.
import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { passwordProblem, SHORTEST_PASSWORD } from '../ui/checks';
import { Refused } from '../ui/notice';
import { useSubmit } from '../ui/submit';
import { CodeInput } from './CodeInput';
import { useSecondStep } from './second-factor';

type PasswordFormProps = { email: string; action: string; send: (password: string, code: string | null) => Promise<void> };

export function PasswordForm({ email, action, send }: PasswordFormProps) {
  const form = useForm({ initialValues: { password: '', code: '' }, validate: { password: passwordProblem } });
  const second = useSecondStep();
  const { submit, busy, refusal } = useSubmit(form, ({ password, code }) =>
    second.run(() => send(password, second.isAsked ? code : null)),
  );
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
        {second.isAsked && <CodeInput autoFocus {...form.getInputProps('code')} />}
        <Refused error={refusal} />
        <Button type="submit" loading={busy} fullWidth>
          {action}
        </Button>
      </Stack>
    </form>
  );
}
