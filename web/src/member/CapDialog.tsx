// Changes a member's limits: how much, and how fast.
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { Member } from '../api/nouns';
import { Refused } from '../ui/notice';
import { useSubmit } from '../ui/submit';
import type { MemberActions } from './actions';
import { capsOf, linesOf, type CapFields } from './cap';
import { CapInputs } from './CapInputs';
import { rateLinesOf, ratesOf, type RateFields } from './rate';
import { RateInputs } from './RateInputs';

type CapDialogProps = { member: Member; actions: MemberActions; close: () => void };

export function CapDialog({ member, actions, close }: CapDialogProps) {
  const form = useForm<CapFields & RateFields>({ initialValues: { caps: linesOf(member.caps), rates: rateLinesOf(member.rates) } });
  const { submit, busy, refusal } = useSubmit(form, async ({ caps, rates }) => {
    await actions.changeLimits(member, { caps: capsOf(caps), rates: ratesOf(rates) });
    close();
  });
  const isUnlimited = capsOf(form.values.caps).length + ratesOf(form.values.rates).length === 0;
  return (
    <Modal opened onClose={close} title={`Limits of ${member.name}`} size={500}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <CapInputs form={form} />
          <RateInputs form={form} />
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
              {isUnlimited ? 'Save without limits' : 'Save the limits'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
