// One's name, as others see it in lists and in the log.
import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { answer, client } from '../api/client';
import { nameProblem } from '../ui/checks';
import { note, Refused } from '../ui/notice';
import { Panel } from '../ui/panel';
import { useSubmit } from '../ui/submit';
import { Why } from '../ui/why';
import { meQuery, useMe } from './me';

export function NamePanel() {
  const { person } = useMe();
  const cache = useQueryClient();
  const form = useForm({ initialValues: { name: person.name }, validate: { name: nameProblem } });
  const { submit, busy, refusal } = useSubmit(form, async ({ name }) => {
    const me = await answer(client.PATCH('/me', { body: { name: name.trim() } }));
    cache.setQueryData(meQuery.queryKey, me);
    form.setInitialValues({ name: me.person.name });
    form.reset();
    note.done(`Your name is ${me.person.name} now.`);
  });
  return (
    <Panel title="You">
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <TextInput label="Name" description="In the team's list and in the log" autoComplete="name" {...form.getInputProps('name')} />
          <TextInput label="Mail" description="You sign in with it" type="email" readOnly value={person.email} variant="filled" />
          <Refused error={refusal} />
          <Group>
            <Why why={form.isDirty() ? null : 'The name is as it was.'}>
              <Button type="submit" loading={busy}>
                Save the name
              </Button>
            </Why>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
