// Where the time of a call went: the gateway, the upstream, and the way to the tester.
import { Box, Group, Progress, Text } from '@mantine/core';
import type { TestAnswer } from '../api/nouns';
import { took } from '../ui/format';

/** A part that is there is seen, however short it was. */
const LEAST_SHARE = 0.8;

export function LatencySplit({ answer: { latency_us, row } }: { answer: TestAnswer }) {
  if (!row) return null;
  const upstream = row.upstream_latency_us;
  const gateway = Math.max(0, row.latency_us - upstream);
  const way = Math.max(0, latency_us - row.latency_us);
  const parts = [
    { name: 'Keyward', micros: gateway, color: 'var(--kw-2)' },
    { name: 'Upstream', micros: upstream, color: 'var(--kw-1)' },
    { name: 'To the tester', micros: way, color: 'var(--kw-5)' },
  ];
  const sum = Math.max(1, gateway + upstream + way);
  return (
    <Box mb="md">
      <Progress.Root size={8} radius="sm" aria-hidden>
        {parts
          .filter(({ micros }) => micros > 0)
          .map(({ name, micros, color }) => (
            <Progress.Section
              key={name}
              value={Math.max(LEAST_SHARE, (micros / sum) * 100)}
              color={color}
              style={{ borderInlineEnd: '2px solid var(--mantine-color-body)' }}
            />
          ))}
      </Progress.Root>
      <Group gap="4px 20px" mt={8}>
        {parts.map(({ name, micros, color }) => (
          <Group key={name} gap={6} wrap="nowrap">
            <Box w={9} h={9} bdrs={3} bg={color} />
            <Text size="xs" c="dimmed">
              {name}
            </Text>
            <Text size="xs" fw={560}>
              {micros === 0 ? 'none' : took(micros)}
            </Text>
          </Group>
        ))}
      </Group>
    </Box>
  );
}
