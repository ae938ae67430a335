// Gives an account more of one quota until its window ends.
import { Button, Group, Modal, NumberInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { OperatorAccount, Usage } from '../api/nouns';
import { int, perPeriod } from '../ui/format';
import { useNow } from '../ui/now';
import { Refused } from '../ui/notice';
import { useSubmit } from '../ui/submit';
import { dayAndClock } from '../ui/time';
import { useOperatorActions } from './actions';

const LONGEST_REASON = 200;

type Choice = { value: string; label: string; api: string; usage: Usage };

/** Every quota of every plan of the account. */
const choicesOf = ({ subscriptions }: OperatorAccount): Choice[] =>
  subscriptions.flatMap(({ api, api_title, quotas }) =>
    quotas.map((usage) => ({
      value: `${api} ${usage.metric} ${usage.period}`,
      label: `${api_title}: ${int(usage.limit)} ${usage.metric} ${perPeriod(usage.period)}`,
      api,
      usage,
    })),
  );

export function GiveUnits({ account, close }: { account: OperatorAccount; close: () => void }) {
  const { giveUnits } = useOperatorActions(account);
  const choices = choicesOf(account);
  const form = useForm({
    initialValues: { quota: choices[0]?.value ?? '', units: '' as number | '', reason: '' },
    validate: {
      units: (units) => (units === '' || units < 1 ? 'Write how many, 1 or more.' : null),
      reason: (reason) => (reason.trim() === '' ? 'Write why: who reads the trail later will ask.' : null),
    },
  });
  const chosen = choices.find(({ value }) => value === form.values.quota);
  const { submit, busy, refusal } = useSubmit(form, async ({ units, reason }) => {
    if (!chosen) return;
    const { api, usage: { metric, period } } = chosen;
    await giveUnits({ api, metric, period, units: Number(units), reason: reason.trim() });
    close();
  });
  return (
    <Modal opened onClose={close} title={`Extra units for ${account.name}`} size={480}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <Select
            label="Quota"
            allowDeselect={false}
            data={choices.map(({ value, label }) => ({ value, label }))}
            {...form.getInputProps('quota')}
          />
          <NumberInput
            label="Units"
            min={1}
            max={Number.MAX_SAFE_INTEGER}
            allowDecimal={false}
            allowNegative={false}
            thousandSeparator=","
            data-autofocus
            {...form.getInputProps('units')}
          />
          <TextInput
            label="Reason"
            description="For the account's audit trail"
            maxLength={LONGEST_REASON}
            {...form.getInputProps('reason')}
          />
          {chosen && <Outcome usage={chosen.usage} units={Number(form.values.units)} />}
          <Refused error={refusal} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={busy}>
              Give extra units
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function Outcome({ usage, units }: { usage: Usage; units: number }) {
  const now = useNow();
  const { used, limit, metric, period, window_end } = usage;
  const until = period === 'lifetime' ? 'for good' : `until ${dayAndClock(window_end, now)}`;
  return (
    <Text size="sm" c="dimmed">
      {int(used)} of {int(limit)} {metric} are used. The window then holds {int(limit + units)} {metric}, {until}.
    </Text>
  );
}
