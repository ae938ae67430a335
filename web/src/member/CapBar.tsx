// How much of a member's own caps is used: the one that stops them first.
import { Box, Progress, Text } from '@mantine/core';
import { isLow, shareUsed } from '../account/usage';
import type { Member } from '../api/nouns';
import { compact, int, perPeriod } from '../ui/format';
import { tightest } from './cap';

/** From here on a narrow cell shows 6.84M rather than every digit. */
const COMPACT_FROM = 100_000;

export function CapBar({ caps, name }: { caps: Member['caps']; name: string }) {
  const first = tightest(caps);
  if (first === null) {
    return (
      <Text size="sm" c="dimmed">
        No cap
      </Text>
    );
  }
  const { usage } = first;
  const show = usage.limit >= COMPACT_FROM ? compact : int;
  const share = Math.min(100, shareUsed(usage) * 100);
  const all = caps.map((cap) => `${int(cap.usage.used)} of ${int(cap.usage.limit)} ${cap.metric} ${perPeriod(cap.period)}`);
  return (
    <Box title={all.join('\n')}>
      <Text size="xs" c="dimmed" mb={3} truncate>
        <Text span inherit c="var(--mantine-color-text)">
          {show(usage.used)}
        </Text>{' '}
        of {show(usage.limit)} {usage.metric} {perPeriod(usage.period)}
      </Text>
      <Progress
        value={share}
        size={4}
        color={isLow(usage) ? 'var(--kw-observed)' : 'var(--kw-allowed)'}
        aria-label={`${name}: ${Math.round(share)} % of the cap used`}
      />
    </Box>
  );
}
