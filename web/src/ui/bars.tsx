// The stacked bars behind TimeChart. Alone in its file because the library that draws them is large and loaded late.
import { BarChart } from '@mantine/charts';
import '@mantine/charts/styles.css';
import { compact, int } from './format';

const axis = {
  tick: { fontSize: 11.5, fill: 'var(--mantine-color-dimmed)' },
  tickLine: false,
  axisLine: false,
} as const;

const MANY_BARS = 30;
const LOW = 150;

export type BarsProps = {
  rows: readonly { start: string }[];
  series: readonly { name: string; label: string; color: string }[];
  word: (start: string) => string;
  h: number;
  onPick?: (start: string) => void;
};

export default function Bars({ rows, series, word, h, onPick }: BarsProps) {
  const many = rows.length > MANY_BARS;
  return (
    <BarChart
      pos="absolute"
      inset={0}
      h="100%"
      data={[...rows]}
      dataKey="start"
      type="stacked"
      series={series.map((one) => ({ ...one }))}
      valueFormatter={int}
      gridAxis="x"
      strokeDasharray="0"
      gridColor="var(--kw-hairline)"
      tickLine="none"
      maxBarWidth={64}
      barProps={{ stroke: 'var(--mantine-color-body)', strokeWidth: many ? 0.6 : 1, isAnimationActive: false }}
      barChartProps={{
        accessibilityLayer: false,
        barCategoryGap: many ? '8%' : '18%',
        margin: { top: 6, right: 0, bottom: 0, left: 0 },
        onClick: ({ activeLabel }) => typeof activeLabel === 'string' && onPick?.(activeLabel),
      }}
      tooltipProps={{ labelFormatter: (start) => (typeof start === 'string' ? word(start) : '') }}
      xAxisProps={{ ...axis, interval: 'equidistantPreserveStart', minTickGap: 22, height: 24, tickFormatter: word }}
      yAxisProps={{ ...axis, width: 40, tickCount: h < LOW ? 3 : 4, tickFormatter: compact, allowDecimals: false }}
    />
  );
}
