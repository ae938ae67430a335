// Rates as lines of a form: how many, of what, and in which span.
import { ActionIcon, Box, Button, Group, Input, NumberInput, Select, Stack } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { IconPlus, IconX } from '@tabler/icons-react';
import { Why } from '../ui/why';
import { anotherRate, MOST_RATES, type RateFields } from './rate';

/** The largest that is paced exactly. */
const MOST = 1_000_000_000;

const SPANS = [
  { value: 'second', label: 'a second' },
  { value: 'minute', label: 'a minute' },
];

export function RateInputs({ form }: { form: UseFormReturnType<RateFields> }) {
  const { rates } = form.values;
  const isFull = rates.length >= MOST_RATES;
  return (
    <Box component="fieldset" p={0} m={0} bd={0}>
      <Input.Label component="legend" p={0}>
        Rates
      </Input.Label>
      <Input.Description mb={6}>How fast they may call, over all keys they use. A figure is also the most at once.</Input.Description>
      <Stack gap={6}>
        {rates.map((line, place) => (
          <Group key={line.id} gap="xs" wrap="nowrap" align="flex-start">
            <NumberInput
              aria-label={`Rate ${place + 1}: figure`}
              flex={1}
              min={1}
              max={MOST}
              allowDecimal={false}
              allowNegative={false}
              thousandSeparator=","
              {...form.getInputProps(`rates.${place}.limit`)}
            />
            <Select
              aria-label={`Rate ${place + 1}: counts`}
              w={112}
              allowDeselect={false}
              data={['requests', 'credits']}
              {...form.getInputProps(`rates.${place}.metric`)}
            />
            <Select
              aria-label={`Rate ${place + 1}: span`}
              w={108}
              allowDeselect={false}
              data={SPANS}
              {...form.getInputProps(`rates.${place}.per`)}
            />
            <ActionIcon
              size={32}
              aria-label={`Take the rate of ${line.metric} a ${line.per} away`}
              onClick={() => form.removeListItem('rates', place)}
            >
              <IconX size={15} />
            </ActionIcon>
          </Group>
        ))}
        <Why why={isFull ? 'There is a rate for each metric and span' : null}>
          <Button
            variant="subtle"
            color="gray"
            w="fit-content"
            leftSection={<IconPlus size={15} />}
            onClick={() => form.insertListItem('rates', anotherRate(rates))}
          >
            Add a rate
          </Button>
        </Why>
      </Stack>
    </Box>
  );
}
