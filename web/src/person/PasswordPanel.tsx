// Changes one's password; every other session ends.
import { Button, Group, PasswordInput, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { answer, client, problemOf, Refusal } from '../api/client';
import { passwordProblem, SHORTEST_PASSWORD } from '../ui/checks';
import { note, Refused } from '../ui/notice';
import { Panel } from '../ui/panel';
import { useSubmit } from '../ui/submit';
import { accessTokensQuery } from './access-tokens';
import { sessionsQuery } from './sessions';

export function PasswordPanel() {
  const cache = useQueryClient();
  const form = useForm({
    initialValues: { current: '', new: '' },
    validate: { current: (password: string) => (password === '' ? 'Write the password you have now.' : null), new: passwordProblem },
  });
  const { submit, busy, refusal } = useSubmit(form, async (body) => {
    await answer(client.POST('/me/password', { body })).catch((refusal: unknown) => {
      if (problemOf(refusal).code !== 'wrong_credentials') throw refusal;
      throw new Refusal({ ...problemOf(refusal), field: 'current', detail: 'This is not the password you have now.', hint: undefined });
    });
    form.reset();
    await Promise.all([cache.invalidateQueries(sessionsQuery), cache.invalidateQueries(accessTokensQuery)]);
    note.done('The password is changed. Every other session and your access tokens have ended.');
  });
  return (
    <Panel title="Password">
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <PasswordInput label="Current password" description="So that nobody else at this screen can change it" autoComplete="current-password" {...form.getInputProps('current')} />
          <PasswordInput label="New password" description={`At least ${SHORTEST_PASSWORD} characters; a few words are good`} autoComplete="new-password" {...form.getInputProps('new')} />
          <Refused error={refusal} />
          <Group justify="space-between">
            <Button type="submit" loading={busy}>
              Change the password
            </Button>
            <Text size="xs" c="dimmed">
              Every other session ends, and your access tokens
            </Text>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
