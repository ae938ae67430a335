// A person in a list: face and name, with the mail beneath where there is room.
import { Box, Group, Text } from '@mantine/core';
import { Face } from './face';

type WhoProps = { id: string | null; name: string; email?: string; size?: number; note?: string };

export function Who({ id, name, email, size = 24, note }: WhoProps) {
  return (
    <Group gap={8} wrap="nowrap" miw={0}>
      <Face id={id} name={name} size={size} />
      <Box miw={0}>
        <Text size="sm" fw={email ? 560 : 400} truncate>
          {name}
          {note && (
            <Text span size="xs" c="dimmed" fw={400} ml={6} visibleFrom="sm">
              {note}
            </Text>
          )}
        </Text>
        {email && (
          <Text size="xs" c="dimmed" truncate>
            {email}
          </Text>
        )}
      </Box>
    </Group>
  );
}
