// How much, of what, and how often: the three parts of a cap.
import { Box, Input, NumberInput, Select, SimpleGrid } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { CapFields } from './cap';

const MOST = 1_000_000_000_000;

export function CapInputs<Values extends CapFields>({ form }: { form: UseFormReturnType<Values> }) {
  return (
    <Box component="fieldset" p={0} m={0} bd={0}>
      <Input.Label component="legend" p={0}>
        Cap
      </Input.Label>
      <Input.Description mb={6}>Over all keys this person uses. Empty: only the account's limits.</Input.Description>
      <SimpleGrid cols={3} spacing="xs">
        <NumberInput aria-label="Cap" placeholder="No cap" min={1} max={MOST} allowDecimal={false} allowNegative={false} {...form.getInputProps('cap_limit')} />
        <Select aria-label="Cap counts" data={['requests', 'credits']} {...form.getInputProps('cap_metric')} />
        <Select
          aria-label="Cap window"
          data={[
            { value: 'day', label: 'a day' },
            { value: 'month', label: 'a month' },
            { value: 'cycle', label: 'a cycle' },
          ]}
          {...form.getInputProps('cap_period')}
        />
      </SimpleGrid>
    </Box>
  );
}
