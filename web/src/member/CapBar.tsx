// How much of a member's own cap is used.
import { Box, Progress, Text } from '@mantine/core';
import { isLow, shareUsed } from '../account/usage';
import type { Usage } from '../api/nouns';
import { compact, int } from '../ui/format';

/** From here on a narrow cell shows 6.84M rather than every digit. */
const COMPACT_FROM = 100_000;

export function CapBar({ cap, name }: { cap: Usage | null; name: string }) {
  if (cap === null) {
    return (
      <Text size="sm" c="dimmed">
        No cap
      </Text>
    );
  }
  const show = cap.limit >= COMPACT_FROM ? compact : int;
  const share = Math.min(100, shareUsed(cap) * 100);
  return (
    <Box title={`${int(cap.used)} of ${int(cap.limit)} ${cap.metric}`}>
      <Text size="xs" c="dimmed" mb={3} truncate>
        <Text span inherit c="var(--mantine-color-text)">
          {show(cap.used)}
        </Text>{' '}
        of {show(cap.limit)} {cap.metric} / {cap.period}
      </Text>
      <Progress
        value={share}
        size={4}
        color={isLow(cap) ? 'var(--kw-observed)' : 'var(--kw-allowed)'}
        aria-label={`${name}: ${Math.round(share)} % of the cap used`}
      />
    </Box>
  );
}
