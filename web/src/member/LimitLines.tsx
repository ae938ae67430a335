// Limits as lines of a form: how much, of what, and in which span or window.
import { ActionIcon, Box, Button, Group, Input, NumberInput, Select, Stack } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { Why } from '../ui/why';

type Field = 'figure' | 'metric' | 'span';

export type LimitLine = {
  id: number;
  /** What the line limits, as its button says that takes it away: `cap on credits a day`. */
  name: string;
  /** What may be chosen in its last field. */
  spans: { value: string; label: string }[];
};

export type LimitLinesProps = {
  /** What one of them is called: `cap`. */
  noun: string;
  /** What their last field is called: `window`. */
  span: string;
  description: string;
  lines: LimitLine[];
  /** The most lines that there can be. */
  most: number;
  /** The largest figure. */
  max: number;
  input: (place: number, field: Field) => object;
  onAdd: () => void;
  onRemove: (place: number) => void;
};

export function LimitLines({ noun, span, description, lines, most, max, input, onAdd, onRemove }: LimitLinesProps) {
  const title = noun.charAt(0).toUpperCase() + noun.slice(1);
  return (
    <Box component="fieldset" p={0} m={0} bd={0}>
      <Input.Label component="legend" p={0}>
        {title}s
      </Input.Label>
      <Input.Description mb={6}>{description}</Input.Description>
      <Stack gap={6}>
        {lines.map((line, place) => (
          <Group key={line.id} gap="xs" align="flex-start" mb={{ base: 8, xs: 0 }}>
            <NumberInput
              aria-label={`${title} ${place + 1}: figure`}
              flex={{ base: '1 0 100%', xs: 1 }}
              min={1}
              max={max}
              allowDecimal={false}
              allowNegative={false}
              thousandSeparator=","
              {...input(place, 'figure')}
            />
            <Select
              aria-label={`${title} ${place + 1}: counts`}
              flex={{ base: 1, xs: '0 0 112px' }}
              miw={96}
              allowDeselect={false}
              data={['requests', 'credits']}
              {...input(place, 'metric')}
            />
            <Select
              aria-label={`${title} ${place + 1}: ${span}`}
              flex={{ base: 1, xs: '0 0 108px' }}
              miw={96}
              allowDeselect={false}
              data={line.spans}
              {...input(place, 'span')}
            />
            <ActionIcon size={32} aria-label={`Take the ${line.name} away`} onClick={() => onRemove(place)}>
              <IconX size={15} />
            </ActionIcon>
          </Group>
        ))}
        <Why why={lines.length >= most ? `There is a ${noun} for each metric and ${span}` : null}>
          <Button variant="subtle" color="gray" w="fit-content" leftSection={<IconPlus size={15} />} onClick={onAdd}>
            Add a {noun}
          </Button>
        </Why>
      </Stack>
    </Box>
  );
}
