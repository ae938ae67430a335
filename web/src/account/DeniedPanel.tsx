// What was denied, and why, and what lists that are merely observed would have denied: each line leads to its calls.
import { Box, Divider, Group, Progress, Skeleton, Stack, Text } from '@mantine/core';
import { IconArrowRight, IconShieldCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { WORDS } from '../allowlist/words';
import type { Stats } from '../api/nouns';
import { paths } from '../paths';
import { Empty } from '../ui/empty';
import { int } from '../ui/format';
import { TextLink } from '../ui/links';
import { Mono } from '../ui/mono';
import { Panel } from '../ui/panel';
import { rangeWord, type Range } from '../ui/range';
import type { Search } from '../ui/url';

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
          <Line
            key={denial.code}
            name={<Mono fw={560}>{denial.code}</Mono>}
            label={denial.code}
            title={denial.sentence}
            search={{ denial: denial.code, range }}
            of={denial}
            most={most}
            color="var(--kw-denied)"
          />
        ))}
      </Stack>
      {stats && stats.by_observed.length > 0 && <ObservedLines stats={stats} range={range} />}
    </Panel>
  );
}

function ObservedLines({ stats, range }: { stats: Stats; range: Range }) {
  const most = stats.by_observed[0]?.calls ?? 1;
  return (
    <>
      <Divider my="md" color="var(--kw-hairline)" />
      <Text component="h3" size="sm" fw={620} mt={0} mb={10}>
        Would be denied{' '}
        <Text span size="sm" c="dimmed" fw={400}>
          by lists that observe
        </Text>
      </Text>
      <Stack gap={13}>
        {stats.by_observed.map((seen) => (
          <Line
            key={seen.list}
            name={WORDS[seen.list].title}
            label={`Would be denied by ${seen.list}`}
            title={`Calls that the list of ${seen.list} would deny`}
            search={{ observed: seen.list, range }}
            of={seen}
            most={most}
            color="var(--kw-observed)"
          />
        ))}
      </Stack>
    </>
  );
}

type LineProps = {
  name: ReactNode;
  /** The same for who cannot see the bar. */
  label: string;
  title: string;
  search: Search;
  of: Pick<Stats['by_observed'][number], 'calls' | 'method' | 'key' | 'member'>;
  most: number;
  color: string;
};

function Line({ name, label, title, search, of, most, color }: LineProps) {
  return (
    <Box>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <TextLink to={paths.requests} search={search} c="var(--mantine-color-text)" size="sm" truncate title={title} mih={24}>
          {name}
        </TextLink>
        <Text size="sm" fw={560}>
          {int(of.calls)}
        </Text>
      </Group>
      <Progress
        value={(of.calls / most) * 100}
        size={4}
        my={4}
        color={color}
        aria-label={`${label}: ${int(of.calls)} calls`}
      />
      <Text size="xs" c="dimmed" truncate>
        {of.method} on {of.key.name}, {of.member?.name ?? 'Service'}
      </Text>
    </Box>
  );
}
