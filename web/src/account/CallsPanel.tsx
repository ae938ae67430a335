// Calls and failures over time.
import { Skeleton } from '@mantine/core';
import { useState } from 'react';
import type { Stats } from '../api/nouns';
import { FigureTable, TableSwitch, TimeChart } from '../ui/charts';
import { useNow } from '../ui/now';
import { Panel } from '../ui/panel';
import type { Range } from '../ui/range';
import { everyWord, OUTCOME_SERIES, wordIn } from './stats';

const HEIGHT = 236;

type CallsProps = { stats: Stats | undefined; range: Range; dimmed: boolean };

export function CallsPanel({ stats, range, dimmed }: CallsProps) {
  const [table, setTable] = useState(false);
  const now = useNow();
  const word = wordIn(range, now);
  return (
    <Panel
      title="Calls and failures"
      hint={stats && everyWord(stats.bucket_seconds)}
      h="100%"
      actions={<TableSwitch on={table} flip={() => setTable(!table)} />}
    >
      {!stats && <Skeleton h={HEIGHT + 32} />}
      {stats && table && (
        <FigureTable rows={stats.buckets} series={OUTCOME_SERIES} word={word} label="Calls by outcome" />
      )}
      {stats && !table && (
        <TimeChart
          rows={stats.buckets}
          series={OUTCOME_SERIES}
          word={word}
          label="Calls by outcome"
          h={HEIGHT}
          dimmed={dimmed}
        />
      )}
    </Panel>
  );
}
