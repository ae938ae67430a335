// How much of a limit is used: the large figure, and who used it as a bar.
import { Box, Group, Progress, Text, Tooltip } from '@mantine/core';
import type { Usage } from '../api/nouns';
import { figure, int, percent } from './format';
import { useTint } from './tint';

export function Gauge({ usage }: { usage: Pick<Usage, 'used' | 'limit' | 'metric'> }) {
  const { used, limit, metric } = usage;
  const tight = used >= limit;
  return (
    <Group gap={8} align="baseline" mb={4}>
      <Tooltip label={`${int(used)} of ${int(limit)} ${metric}`}>
        <Text fz={30} fw={620} lh={1.1} lts="-0.02em" c={tight ? 'var(--kw-denied-text)' : undefined}>
          {figure(used)}
        </Text>
      </Tooltip>
      <Text size="md" c="dimmed">
        of {figure(limit)} {metric}
      </Text>
      <Text size="md" fw={560} ml="auto">
        {percent(used, limit)}
      </Text>
    </Group>
  );
}

export type Share = { id: string | null; name: string; amount: number };

/** Beyond this many, the rest is one share named "others". */
const SHARES = 4;

/** Who stands behind an amount: parts of a bar that is as long as `of`. */
export function ShareBar({ shares, of, label }: { shares: readonly Share[]; of: number; label: string }) {
  const parts = atMost(shares, SHARES);
  const sum = parts.reduce((total, part) => total + part.amount, 0);
  if (sum === 0) return null;
  return (
    <Box role="group" aria-label={label}>
      <Progress.Root size={8} radius="sm" aria-hidden>
        {parts.map((part) => (
          <ShareSection key={part.id ?? part.name} share={part} of={of} />
        ))}
      </Progress.Root>
      <Group gap="4px 16px" mt={8}>
        {parts.map((part) => (
          <ShareName key={part.id ?? part.name} share={part} sum={sum} />
        ))}
      </Group>
    </Box>
  );
}

function ShareSection({ share, of }: { share: Share; of: number }) {
  const tint = useTint(share.id);
  return (
    <Tooltip label={`${share.name}: ${int(share.amount)}`}>
      <Progress.Section
        value={(share.amount / of) * 100}
        color={tint}
        style={{ borderInlineEnd: '2px solid var(--mantine-color-body)' }}
      />
    </Tooltip>
  );
}

function ShareName({ share, sum }: { share: Share; sum: number }) {
  return (
    <Group gap={6} wrap="nowrap">
      <Box w={9} h={9} bdrs={3} bg={useTint(share.id)} />
      <Text size="xs" c="dimmed">
        {share.name}
      </Text>
      <Text size="xs" fw={560}>
        {percent(share.amount, sum)}
      </Text>
    </Group>
  );
}

/** The largest shares, and one for all the others. */
export function atMost(shares: readonly Share[], most: number): Share[] {
  const sorted = [...shares].filter((share) => share.amount > 0).sort((a, b) => b.amount - a.amount);
  if (sorted.length <= most) return sorted;
  const rest = sorted.slice(most - 1);
  return [
    ...sorted.slice(0, most - 1),
    { id: null, name: `${rest.length} others`, amount: rest.reduce((sum, share) => sum + share.amount, 0) },
  ];
}
