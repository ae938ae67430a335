// A state in one word with a dot. A wash is behind it only when someone should look.
import { Box, Group, Text } from '@mantine/core';

export type Tone = 'good' | 'info' | 'warn' | 'bad' | 'off';

const colour: Record<Tone, string> = { good: 'good', info: 'allowed', warn: 'observed', bad: 'denied', off: 'failed' };

export function Status({ tone, children }: { tone: Tone; children: string }) {
  const name = colour[tone];
  const loud = tone === 'warn' || tone === 'bad';
  const dot =
    tone === 'off'
      ? { border: '1.5px solid var(--mantine-color-dimmed)' }
      : { background: `var(--kw-${name})` };
  const words = loud ? `var(--kw-${name}-text)` : tone === 'off' ? 'dimmed' : undefined;
  return (
    <Group
      component="span"
      display="inline-flex"
      gap={6}
      wrap="nowrap"
      px={loud ? 7 : 0}
      py={loud ? 1 : 0}
      style={{ borderRadius: 5, background: loud ? `var(--kw-${name}-wash)` : undefined }}
    >
      <Box component="span" w={7} h={7} style={{ flex: 'none', borderRadius: 7, ...dot }} />
      <Text component="span" size="sm" fw={loud ? 560 : 400} c={words} style={{ whiteSpace: 'nowrap' }}>
        {children}
      </Text>
    </Group>
  );
}
