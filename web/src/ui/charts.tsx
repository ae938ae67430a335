// Figures over time: stacked bars, a legend that hides, and the same figures as a table.
import { Box, Button, Group, Skeleton, Table, Text, UnstyledButton } from '@mantine/core';
import { IconTable } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { compact, int } from './format';

export type Series<Name extends string> = { name: Name; label: string; color: string };
type Row<Name extends string> = { start: string } & Record<Name, number>;
type ChartProps<Name extends string> = {
  rows: readonly Row<Name>[];
  series: readonly Series<Name>[];
  /** How a moment is written under its bar. */
  word: (start: string) => string;
  label: string;
  h?: number;
  /** Keeps what it shows, dimmed, while other figures are on their way. */
  dimmed?: boolean;
  onPick?: (start: string) => void;
};

const Bars = lazy(() => import('./bars'));

export function TimeChart<Name extends string>({
  rows,
  series,
  word,
  label,
  h = 200,
  dimmed = false,
  onPick,
}: ChartProps<Name>) {
  const [hidden, setHidden] = useState<readonly Name[]>([]);
  const flip = (name: Name) =>
    setHidden(hidden.includes(name) ? hidden.filter((one) => one !== name) : [...hidden, name]);
  return (
    <Box
      component="figure"
      m={0}
      flex={1}
      aria-label={label}
      style={{ display: 'flex', flexDirection: 'column', opacity: dimmed ? 0.55 : 1, transition: 'opacity 120ms' }}
    >
      <Legend rows={rows} series={series} hidden={hidden} flip={flip} />
      <Box flex={1} mih={h} pos="relative" aria-hidden style={{ cursor: onPick ? 'pointer' : undefined }}>
        <Suspense fallback={<Skeleton h={h} />}>
          <Bars
            rows={rows}
            series={series.filter(({ name }) => !hidden.includes(name))}
            word={word}
            h={h}
            onPick={onPick}
          />
        </Suspense>
      </Box>
    </Box>
  );
}

type LegendProps<Name extends string> = Pick<ChartProps<Name>, 'rows' | 'series'> & {
  hidden: readonly Name[];
  flip: (name: Name) => void;
};

function Legend<Name extends string>({ rows, series, hidden, flip }: LegendProps<Name>) {
  return (
    <Group gap="2px 16px" mb="xs">
      {series.map(({ name, label, color }) => {
        const off = hidden.includes(name);
        const sum = rows.reduce((total, row) => total + row[name], 0);
        return (
          <UnstyledButton
            key={name}
            onClick={() => flip(name)}
            aria-pressed={!off}
            mih={24}
            title={off ? `Show ${label}` : `Hide ${label}`}
          >
            <Group gap={6} wrap="nowrap">
              <Box w={10} h={10} bdrs={3} bg={off ? 'var(--kw-hairline)' : color} />
              <Text size="xs" c="dimmed" td={off ? 'line-through' : undefined}>
                {label}
              </Text>
              <Text size="xs" fw={560}>
                {compact(sum)}
              </Text>
            </Group>
          </UnstyledButton>
        );
      })}
    </Group>
  );
}

/** The figures behind a chart, for those who would rather read them or cannot see it. */
export function FigureTable<Name extends string>({
  rows,
  series,
  word,
  label,
}: Pick<ChartProps<Name>, 'rows' | 'series' | 'word' | 'label'>) {
  return (
    <Table.ScrollContainer
      minWidth={360}
      maxHeight={300}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': label } }}
    >
      <Table aria-label={label} verticalSpacing={4} stickyHeader>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>From</Table.Th>
            {series.map(({ name, label: title }) => (
              <Table.Th key={name} ta="right">
                {title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.start}>
              <Table.Td>{word(row.start)}</Table.Td>
              {series.map(({ name }) => (
                <Table.Td key={name} ta="right">
                  {int(row[name])}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

export function TableSwitch({ on, flip }: { on: boolean; flip: () => void }) {
  return (
    <Button
      variant={on ? 'light' : 'subtle'}
      color={on ? undefined : 'gray'}
      size="compact-xs"
      h={26}
      leftSection={<IconTable size={14} />}
      aria-pressed={on}
      onClick={flip}
    >
      Table
    </Button>
  );
}
