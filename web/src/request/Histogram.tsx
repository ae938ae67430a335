// Calls over the time that the log shows; a click on a bar shows its calls only.
import { Skeleton } from '@mantine/core';
import type { Stats } from '../api/nouns';
import { OUTCOME_SERIES, wordIn } from '../account/stats';
import { TimeChart } from '../ui/charts';
import { useNow } from '../ui/now';
import type { Range } from '../ui/range';

const HEIGHT = 104;

type HistogramProps = {
  stats: Stats | undefined;
  range: Range;
  dimmed: boolean;
  pick: (after: string, before: string) => void;
};

export function Histogram({ stats, range, dimmed, pick }: HistogramProps) {
  const now = useNow();
  if (!stats) return <Skeleton h={HEIGHT + 32} />;
  const zoom = (start: string) => pick(start, new Date(Date.parse(start) + stats.bucket_seconds * 1_000).toISOString());
  return (
    <TimeChart
      rows={stats.buckets}
      series={OUTCOME_SERIES}
      word={wordIn(range, now)}
      label="Calls over time, by outcome"
      h={HEIGHT}
      dimmed={dimmed}
      onPick={zoom}
    />
  );
}
