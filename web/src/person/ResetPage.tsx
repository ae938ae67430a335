// Forgot the password: asks for a link to set a new one.
import { Button, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { answer, client } from '../api/client';
import { Outside } from '../layout/Outside';
import { paths } from '../paths';
import { emailProblem } from '../ui/checks';
import { TextLink } from '../ui/links';
import { Refused } from '../ui/notice';
import { useSubmit } from '../ui/submit';
import { MailSent } from './MailSent';

export function ResetPage() {
  const [sentTo, setSentTo] = useState<string | null>(null);
  const form = useForm({ initialValues: { email: '' }, validate: { email: emailProblem } });
  const { submit, busy, refusal } = useSubmit(form, async ({ email }) => {
    await answer(client.POST('/resets', { body: { email: email.trim() } }));
    setSentTo(email.trim());
  });
  if (sentTo !== null) return <MailSent email={sentTo} what="is known here" again={() => setSentTo(null)} />;
  return (
    <Outside
      title="Set a new password"
      lead="A link to do so goes to your mail address."
      foot={
        <TextLink to={paths.signIn} size="sm">
          Back to signing in
        </TextLink>
      }
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <TextInput label="Mail" type="email" autoComplete="username" autoFocus {...form.getInputProps('email')} />
          <Refused error={refusal} />
          <Button type="submit" loading={busy} fullWidth>
            Send the link
          </Button>
        </Stack>
      </form>
    </Outside>
  );
}
