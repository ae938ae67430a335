// Register: a person and an account of their own, once the address is confirmed.
import { Button, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useInstance } from '../account/query';
import { answer, client } from '../api/client';
import { Outside } from '../layout/Outside';
import { paths } from '../paths';
import { emailProblem, nameProblem } from '../ui/checks';
import { ButtonLink, TextLink } from '../ui/links';
import { Refused } from '../ui/notice';
import { useSubmit } from '../ui/submit';
import { MailSent } from './MailSent';

export function RegisterPage() {
  const { data: instance } = useInstance();
  const [sentTo, setSentTo] = useState<string | null>(null);
  const form = useForm({
    initialValues: { name: '', email: '', account_name: '' },
    validate: { name: nameProblem, email: emailProblem, account_name: nameProblem },
  });
  const { submit, busy, refusal } = useSubmit(form, async (values) => {
    const body = { name: values.name.trim(), email: values.email.trim(), account_name: values.account_name.trim() };
    await answer(client.POST('/registrations', { body }));
    setSentTo(body.email);
  });
  if (instance && instance.registration !== 'open') return <NotOpen closed={instance.registration === 'closed'} />;
  if (sentTo !== null) return <MailSent email={sentTo} what="can be registered" again={() => setSentTo(null)} />;
  return (
    <Outside
      title="Register"
      lead="You get an account of your own, with the operator's default plans."
      foot={
        <>
          Have an account already?{' '}
          <TextLink to={paths.signIn} size="sm" underline="always">
            Sign in
          </TextLink>
        </>
      }
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <TextInput label="Your name" autoComplete="name" autoFocus {...form.getInputProps('name')} />
          <TextInput label="Mail" description="A link to confirm it goes here" type="email" autoComplete="email" {...form.getInputProps('email')} />
          <TextInput label="Account" description="Your company or project; you can rename it" autoComplete="organization" {...form.getInputProps('account_name')} />
          <Refused error={refusal} />
          <Button type="submit" loading={busy} fullWidth>
            Register
          </Button>
        </Stack>
      </form>
    </Outside>
  );
}

function NotOpen({ closed }: { closed: boolean }) {
  return (
    <Outside
      title="Register"
      lead={
        closed
          ? 'This Keyward takes no registrations. Its operator decides who gets an account.'
          : 'This Keyward takes people by invitation. Ask the owner of an account to add you; the mail leads you to your seat.'
      }
    >
      <ButtonLink to={paths.signIn} fullWidth>
        Sign in
      </ButtonLink>
    </Outside>
  );
}
