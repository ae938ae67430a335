// How a call was decided, step by step, in the gateway's order.
import { Box, Group, Text, Timeline } from '@mantine/core';
import type { RequestRow } from '../api/nouns';
import { OutcomeMark, type Mark } from '../ui/outcome';
import { foldSteps } from './steps';

const marks: Record<'passed' | 'denied' | 'skipped', Mark> = {
  passed: 'allowed',
  denied: 'denied',
  skipped: 'skipped',
};
const words = { passed: 'passed', denied: 'denied', skipped: 'not looked at' } as const;
const rail = {
  itemBullet: { border: 0, background: 'var(--mantine-color-body)' },
  item: { '--item-border-color': 'var(--kw-hairline)' } as object,
};

export function Decision({ steps }: { steps: RequestRow['steps'] }) {
  return (
    <Box>
      <Text component="h3" size="sm" fw={620} mt={0} mb="sm">
        How it was decided
      </Text>
      <Timeline bulletSize={20} lineWidth={1} styles={rail}>
        {foldSteps(steps).map(({ name, result, detail }, i) => (
          <Timeline.Item
            key={name}
            mt={i ? 10 : 0}
            bullet={<OutcomeMark outcome={marks[result]} size={18} />}
            aria-label={`${name}: ${words[result]}`}
          >
            <Group gap={8} wrap="nowrap" align="baseline">
              <Text size="sm" fw={result === 'denied' ? 620 : 500} w={112} flex="none">
                {name}
              </Text>
              <Text
                size="sm"
                c={result === 'denied' ? 'var(--kw-denied-text)' : 'dimmed'}
                style={{ overflowWrap: 'anywhere' }}
              >
                {detail}
              </Text>
            </Group>
          </Timeline.Item>
        ))}
      </Timeline>
    </Box>
  );
}
