// Caps as lines of a form: how much, of what, and how often.
import { ActionIcon, Box, Button, Group, Input, NumberInput, Select, Stack } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { IconPlus, IconX } from '@tabler/icons-react';
import { perPeriod } from '../ui/format';
import { Why } from '../ui/why';
import { anotherLine, MOST_CAPS, periodsOf, type CapFields } from './cap';

const MOST = 1_000_000_000_000;

export function CapInputs({ form }: { form: UseFormReturnType<CapFields> }) {
  const { caps } = form.values;
  const isFull = caps.length >= MOST_CAPS;
  return (
    <Box component="fieldset" p={0} m={0} bd={0}>
      <Input.Label component="legend" p={0}>
        Caps
      </Input.Label>
      <Input.Description mb={6}>Over all keys this person uses. Without one only the account's limits hold.</Input.Description>
      <Stack gap={6}>
        {caps.map((line, place) => (
          <Group key={line.id} gap="xs" wrap="nowrap" align="flex-start">
            <NumberInput
              aria-label={`Cap ${place + 1}: figure`}
              flex={1}
              min={1}
              max={MOST}
              allowDecimal={false}
              allowNegative={false}
              thousandSeparator=","
              {...form.getInputProps(`caps.${place}.limit`)}
            />
            <Select
              aria-label={`Cap ${place + 1}: counts`}
              w={112}
              allowDeselect={false}
              data={['requests', 'credits']}
              {...form.getInputProps(`caps.${place}.metric`)}
            />
            <Select
              aria-label={`Cap ${place + 1}: window`}
              w={108}
              allowDeselect={false}
              data={periodsOf(line)}
              {...form.getInputProps(`caps.${place}.period`)}
            />
            <ActionIcon
              size={32}
              aria-label={`Take the cap on ${line.metric} ${perPeriod(line.period)} away`}
              onClick={() => form.removeListItem('caps', place)}
            >
              <IconX size={15} />
            </ActionIcon>
          </Group>
        ))}
        <Why why={isFull ? 'There is a cap for each metric and window' : null}>
          <Button
            variant="subtle"
            color="gray"
            w="fit-content"
            leftSection={<IconPlus size={15} />}
            onClick={() => form.insertListItem('caps', anotherLine(caps))}
          >
            Add a cap
          </Button>
        </Why>
      </Stack>
    </Box>
  );
}
