// What differs between two versions of a key: field by field, what is gone and what is there instead.
import { Box, Stack, Text } from '@mantine/core';
import type { Difference } from '../api/nouns';
import { fieldWord, linesOf } from './version';

/** Lines of one field that are shown; of more, their number. */
const MOST_LINES = 12;

export function Differences({ of, same }: { of: readonly Difference[]; same: string }) {
  if (of.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {same}
      </Text>
    );
  return (
    <Stack gap={10}>
      {of.map((difference) => (
        <OneField key={difference.field} difference={difference} />
      ))}
    </Stack>
  );
}

function OneField({ difference }: { difference: Difference }) {
  const { gone, added } = linesOf(difference);
  return (
    <Box>
      <Text size="sm" fw={560}>
        {fieldWord(difference.field)}
      </Text>
      <Lines lines={gone} sign="−" word="before" tone="denied" />
      <Lines lines={added} sign="+" word="after" tone="good" />
    </Box>
  );
}

type LinesProps = { lines: readonly string[]; sign: string; word: string; tone: string };

function Lines({ lines, sign, word, tone }: LinesProps) {
  return (
    <>
      {lines.slice(0, MOST_LINES).map((line) => (
        <Text key={line} size="xs" ff="monospace" c={`var(--kw-${tone}-text)`} style={{ overflowWrap: 'anywhere' }}>
          <span aria-label={word}>{sign}</span> {line}
        </Text>
      ))}
      {lines.length > MOST_LINES && (
        <Text size="xs" c="dimmed">
          {sign} {lines.length - MOST_LINES} more
        </Text>
      )}
    </>
  );
}
