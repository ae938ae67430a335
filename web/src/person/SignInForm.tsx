// Mail and password, then a code of who has a second factor. Used on the sign-in page, and where an invitation meets someone who is known.
import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { answer, client } from '../api/client';
import type { Me } from '../api/nouns';
import { emailProblem } from '../ui/checks';
import { Refused } from '../ui/notice';
import { useSubmit } from '../ui/submit';
import { CodeInput } from './CodeInput';
import { becomeSignedIn } from './me';
import { useSecondStep } from './second-factor';

type SignInFormProps = { email?: string; action?: string; done: (me: Me) => void | Promise<void> };

/** With `email` given it is fixed: the seat belongs to that address. */
export function SignInForm({ email, action = 'Sign in', done }: SignInFormProps) {
  const form = useForm({
    initialValues: { email: email ?? '', password: '', code: '' },
    validate: { email: emailProblem, password: (password: string) => (password === '' ? 'Write your password.' : null) },
  });
  const second = useSecondStep();
  const { submit, busy, refusal } = useSubmit(form, async (body) => {
    await second.run(async () => {
      const code = second.isAsked ? body.code : null;
      const me = await answer(client.POST('/sessions', { body: { ...body, email: body.email.trim(), code } }));
      becomeSignedIn(me);
      await done(me);
    });
  });
  const back = () => {
    form.setFieldValue('code', '');
    second.back();
  };
  if (second.isAsked) {
    return (
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <CodeInput autoFocus {...form.getInputProps('code')} />
          <Refused error={refusal} />
          <Button type="submit" loading={busy} fullWidth>
            {action}
          </Button>
          <Button variant="subtle" onClick={back} fullWidth>
            Back to the password
          </Button>
        </Stack>
      </form>
    );
  }
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <TextInput label="Mail" type="email" autoComplete="username" readOnly={email !== undefined} variant={email === undefined ? 'default' : 'filled'} autoFocus={email === undefined} {...form.getInputProps('email')} />
        <PasswordInput label="Password" autoComplete="current-password" autoFocus={email !== undefined} {...form.getInputProps('password')} />
        <Refused error={refusal} />
        <Button type="submit" loading={busy} fullWidth>
          {action}
        </Button>
      </Stack>
    </form>
  );
}
