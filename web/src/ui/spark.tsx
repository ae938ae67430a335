// A line as small as a word: how something went over a day.
import { Box } from '@mantine/core';
import { sparkPath } from './spark-path';

type Props = { data: readonly number[]; bad?: boolean; label: string; w?: number; h?: number };

export function Spark({ data, bad = false, label, w = 84, h = 26 }: Props) {
  const { line, area } = sparkPath(data, w, h);
  const color = bad ? 'var(--kw-denied)' : 'var(--kw-allowed)';
  return (
    <Box
      component="svg"
      role="img"
      aria-label={label}
      width={w}
      height={h}
      viewBox={`0 0 ${w} ${h}`}
      style={{ flex: 'none', display: 'block' }}
    >
      <path d={area} fill={color} opacity={0.13} />
      <path d={line} fill="none" stroke={color} strokeWidth={1.5} strokeLinejoin="round" strokeLinecap="round" />
    </Box>
  );
}
