// Changes a member's caps.
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { Member } from '../api/nouns';
import { Refused } from '../ui/notice';
import { useSubmit } from '../ui/submit';
import type { MemberActions } from './actions';
import { capsOf, linesOf, type CapFields } from './cap';
import { CapInputs } from './CapInputs';

type CapDialogProps = { member: Member; actions: MemberActions; close: () => void };

export function CapDialog({ member, actions, close }: CapDialogProps) {
  const form = useForm<CapFields>({ initialValues: { caps: linesOf(member.caps) } });
  const { submit, busy, refusal } = useSubmit(form, async ({ caps }) => {
    await actions.changeCaps(member, capsOf(caps));
    close();
  });
  return (
    <Modal opened onClose={close} title={`Caps of ${member.name}`} size={500}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <CapInputs form={form} />
          {member.caps.length > 0 && (
            <Text size="sm" c="dimmed">
              What was counted stays counted. A higher cap holds at once, a lower one from its next window on.
            </Text>
          )}
          <Refused error={refusal} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={busy}>
              {capsOf(form.values.caps).length === 0 ? 'Save without a cap' : 'Save the caps'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
