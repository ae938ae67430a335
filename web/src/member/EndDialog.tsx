// Says when a member's seat ends by itself, moves that, or takes it away.
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { Member } from '../api/nouns';
import { Refused } from '../ui/notice';
import { useNow } from '../ui/now';
import { useSubmit } from '../ui/submit';
import type { MemberActions } from './actions';
import { endProblem, endWords, fieldOf, momentOf } from './end';
import { EndInput } from './EndInput';

type EndDialogProps = { member: Member; actions: MemberActions; close: () => void };

export function EndDialog({ member, actions, close }: EndDialogProps) {
  const { name, ends_at } = member;
  const now = useNow();
  const form = useForm({
    initialValues: { ends_at: fieldOf(ends_at) },
    validate: { ends_at: (field: string) => endProblem(field, Date.now()) },
  });
  const { submit, busy, refusal } = useSubmit(form, async (fields) => {
    await actions.changeEnd(member, momentOf(fields.ends_at));
    close();
  });
  return (
    <Modal opened onClose={close} title={`End of ${name}'s seat`} size={440}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <EndInput {...form.getInputProps('ends_at')} />
          <Text size="sm" c="dimmed">
            {ends_at !== null && `As it stands: ${endWords(ends_at, now)}. `}
            From the end on every value {name} owns is refused, as if they were suspended. Nothing is lost, and a later end brings it
            back.
          </Text>
          <Refused error={refusal} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={busy}>
              {form.values.ends_at === '' ? 'Save without an end' : 'Save the end'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
