// What was denied, and why: each line leads to its calls.
import { Box, Group, Progress, Skeleton, Stack, Text } from '@mantine/core';
import { IconArrowRight, IconShieldCheck } from '@tabler/icons-react';
import type { Stats } from '../api/nouns';
import { paths } from '../paths';
import { Empty } from '../ui/empty';
import { int } from '../ui/format';
import { TextLink } from '../ui/links';
import { Mono } from '../ui/mono';
import { Panel } from '../ui/panel';
import { rangeWord, type Range } from '../ui/range';

const MOST = 5;

export function DeniedPanel({ stats, range }: { stats: Stats | undefined; range: Range }) {
  const footer = (
    <TextLink to={paths.requests} search={{ outcome: 'denied', range }} size="sm">
      All denied calls <IconArrowRight size={13} style={{ verticalAlign: -2 }} />
    </TextLink>
  );
  const most = stats?.by_denial[0]?.calls ?? 1;
  return (
    <Panel title="Denied, and why" h="100%" footer={footer}>
      {!stats && <Skeleton h={236} />}
      {stats?.by_denial.length === 0 && (
        <Empty icon={<IconShieldCheck size={20} />} title="Nothing was denied">
          All calls of the last {rangeWord(range)} kept to their lists and limits.
        </Empty>
      )}
      <Stack gap={13}>
        {stats?.by_denial.slice(0, MOST).map((denial) => (
          <Box key={denial.code}>
            <Group justify="space-between" wrap="nowrap" gap="xs">
              <TextLink
                to={paths.requests}
                search={{ denial: denial.code, range }}
                c="var(--mantine-color-text)"
                truncate
                title={denial.sentence}
                mih={24}
              >
                <Mono fw={560}>{denial.code}</Mono>
              </TextLink>
              <Text size="sm" fw={560}>
                {int(denial.calls)}
              </Text>
            </Group>
            <Progress
              value={(denial.calls / most) * 100}
              size={4}
              my={4}
              color="var(--kw-denied)"
              aria-label={`${denial.code}: ${int(denial.calls)} calls`}
            />
            <Text size="xs" c="dimmed" truncate>
              {denial.method} on {denial.key.name}, {denial.member?.name ?? 'Service'}
            </Text>
          </Box>
        ))}
      </Stack>
    </Panel>
  );
}
