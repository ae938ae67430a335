// Metadata of a key: pairs that one's own programs remember it by.
import { ActionIcon, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { Why } from '../ui/why';
import { PAIR_LIMIT, type KeyForm } from './keyForm';

export function MetadataField({ form }: { form: KeyForm }) {
  const { metadata } = form.values;
  const why = metadata.length >= PAIR_LIMIT ? `A key has at most ${PAIR_LIMIT} pairs` : null;
  const refused = Object.entries(form.errors).find(([field]) => field === 'metadata')?.[1];
  return (
    <Stack gap={6} role="group" aria-label="Metadata">
      <Group justify="space-between">
        <Text size="sm" fw={500}>
          Metadata
        </Text>
        <Why why={why}>
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            leftSection={<IconPlus size={15} />}
            onClick={() => form.insertListItem('metadata', { name: '', value: '' })}
          >
            Add a pair
          </Button>
        </Why>
      </Group>
      {metadata.length === 0 && (
        <Text size="xs" c="dimmed">
          What your own programs remember it by: a team, a cost centre. Keyward reads nothing into it.
        </Text>
      )}
      {metadata.map((_, place) => (
        // Pairs have no id: a place is what tells two empty ones apart.
        <Group key={place} gap={6} wrap="nowrap" align="start">
          <TextInput
            aria-label={`Name of pair ${place + 1}`}
            placeholder="team"
            maxLength={40}
            flex={2}
            {...form.getInputProps(`metadata.${place}.name`)}
          />
          <TextInput
            aria-label={`Value of pair ${place + 1}`}
            placeholder="Payments"
            maxLength={200}
            flex={3}
            {...form.getInputProps(`metadata.${place}.value`)}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size={36}
            aria-label={`Take pair ${place + 1} away`}
            onClick={() => form.removeListItem('metadata', place)}
          >
            <IconX size={15} />
          </ActionIcon>
        </Group>
      ))}
      {refused && (
        <Text size="xs" c="var(--mantine-color-error)">
          {refused}
        </Text>
      )}
    </Stack>
  );
}
