// The one-time link of the first start: makes the operator, who owns the first account.
import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import { answer, client } from '../api/client';
import { Outside } from '../layout/Outside';
import { paths } from '../paths';
import { emailProblem, nameProblem, passwordProblem, SHORTEST_PASSWORD } from '../ui/checks';
import { Refused } from '../ui/notice';
import { useSubmit } from '../ui/submit';
import { LinkPage } from './LinkPage';
import { becomeSignedIn } from './me';

export function OperatorPage() {
  return (
    <LinkPage purpose="operator" over="Start Keyward again: while it has no operator, it prints a new one.">
      {({ token }) => (
        <Outside title="Make this Keyward yours" lead="You become its operator, and own the first account.">
          <OperatorForm token={token} />
        </Outside>
      )}
    </LinkPage>
  );
}

function OperatorForm({ token }: { token: string }) {
  const navigate = useNavigate();
  const form = useForm({
    initialValues: { name: '', email: '', account_name: '', password: '' },
    validate: { name: nameProblem, email: emailProblem, account_name: nameProblem, password: passwordProblem },
  });
  const { submit, busy, refusal } = useSubmit(form, async (values) => {
    becomeSignedIn(await answer(client.POST('/operators', { body: { token, ...values, email: values.email.trim() } })));
    await navigate({ to: paths.overview });
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <TextInput label="Your name" autoComplete="name" autoFocus {...form.getInputProps('name')} />
        <TextInput label="Mail" type="email" autoComplete="username" {...form.getInputProps('email')} />
        <TextInput label="Account" description="Your company or project; you can rename it" autoComplete="organization" {...form.getInputProps('account_name')} />
        <PasswordInput
          label="Password"
          description={`At least ${SHORTEST_PASSWORD} characters; a few words are good`}
          autoComplete="new-password"
          {...form.getInputProps('password')}
        />
        <Refused error={refusal} />
        <Button type="submit" loading={busy} fullWidth>
          Become the operator
        </Button>
      </Stack>
    </form>
  );
}
