// The strip of figures: how much, how much more than before, and how well.
import { Box, SimpleGrid, Skeleton, Text, useMatches } from '@mantine/core';
import type { Stats } from '../api/nouns';
import { compact, int, percent, took } from '../ui/format';
import { Panel } from '../ui/panel';
import { rangeWord, type Range } from '../ui/range';

type Figure = { label: string; value: string; note: string; exact?: string; bad?: boolean };

export function Figures({ stats, range }: { stats: Stats | undefined; range: Range }) {
  const rule = useMatches({ base: undefined, sm: '1px solid var(--kw-hairline)' });
  if (!stats) return <Skeleton h={98} radius="lg" />;
  return (
    <Panel>
      <SimpleGrid cols={{ base: 2, sm: 5 }} spacing="lg">
        {figuresOf(stats, range).map(({ label, value, note, exact, bad }, i) => (
          <Box key={label} ps={{ base: 0, sm: i ? 'lg' : 0 }} style={{ borderInlineStart: i ? rule : undefined }}>
            <Text size="sm" c="dimmed">
              {label}
            </Text>
            <Text fz={21} fw={620} lts="-0.015em" lh={1.35} title={exact} c={bad ? 'var(--kw-denied-text)' : undefined}>
              {value}
            </Text>
            <Text size="xs" c="dimmed">
              {note}
            </Text>
          </Box>
        ))}
      </SimpleGrid>
    </Panel>
  );
}

function figuresOf({ totals, previous, by_denial }: Stats, range: Range): Figure[] {
  const { calls, requests, credits, denied, failed, allowed } = totals;
  const worst = by_denial[0];
  const mostly = worst && worst.calls > denied / 2 ? `, mostly ${worst.code}` : '';
  return [
    { label: 'Calls', value: int(calls), note: change(calls, previous.calls, range) },
    {
      label: credits > requests ? 'Credits' : 'Requests',
      value: compact(credits > requests ? credits : requests),
      exact: `${int(requests)} requests, ${int(credits)} credits`,
      note: allowed > 0 && credits > requests ? `${(credits / allowed).toFixed(1)} a call` : 'charged to the quotas',
    },
    {
      label: 'Denied',
      value: int(denied),
      note: denied > 0 ? `${percent(denied, calls)}${mostly}` : 'nothing was denied',
      bad: denied > 0,
    },
    {
      label: 'Failed upstream',
      value: percent(failed, calls),
      note: failed > 0 ? `${int(failed)} calls` : 'every answer came',
    },
    {
      label: 'Latency p95',
      value: totals.latency_p95_us === null ? '—' : took(totals.latency_p95_us),
      note: totals.upstream_p95_us === null ? 'no answers yet' : `upstream alone ${took(totals.upstream_p95_us)}`,
    },
  ];
}

function change(calls: number, before: number, range: Range): string {
  if (before === 0) return calls === 0 ? 'none before either' : `none in the ${rangeWord(range)} before`;
  const more = (calls - before) / before;
  if (Math.abs(more) < 0.005) return `as many as the ${rangeWord(range)} before`;
  return `${percent(Math.abs(calls - before), before)} ${more > 0 ? 'more' : 'fewer'} than the ${rangeWord(range)} before`;
}
