// Changes a member's cap.
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { Member } from '../api/nouns';
import { int } from '../ui/format';
import { Refused } from '../ui/notice';
import { useSubmit } from '../ui/submit';
import type { MemberActions } from './actions';
import { capOf, fieldsOf, type CapFields } from './cap';
import { CapInputs } from './CapInputs';

type CapDialogProps = { member: Member; actions: MemberActions; close: () => void };

export function CapDialog({ member, actions, close }: CapDialogProps) {
  const form = useForm<CapFields>({ initialValues: fieldsOf(member.cap) });
  const { submit, busy, refusal } = useSubmit(form, async (fields) => {
    await actions.changeCap(member, capOf(fields));
    close();
  });
  return (
    <Modal opened onClose={close} title={`Cap of ${member.name}`} size={440}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <CapInputs form={form} />
          {member.cap && (
            <Text size="sm" c="dimmed">
              {int(member.cap.used)} {member.cap.metric} used in the running window. They count on the new cap too.
            </Text>
          )}
          <Refused error={refusal} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={busy}>
              {form.values.cap_limit === '' ? 'Save without a cap' : 'Save the cap'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
