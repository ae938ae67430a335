// Requests: every call one may see, newest first, with filters in the address bar.
import { Box, Group, Switch, Text, Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useAccountId } from '../account/seat';
import { statsQuery } from '../account/stats';
import type { Stats } from '../api/nouns';
import { plural, int } from '../ui/format';
import { Page } from '../ui/page';
import { Panel } from '../ui/panel';
import { RangeSwitch } from '../ui/range';
import { Calls } from './Calls';
import type { Field, RequestFilter } from './filter';
import { FilterChips } from './FilterChips';
import { Histogram } from './Histogram';
import { useChoices } from './options';
import { useFilter } from './useFilter';

export function RequestsPage() {
  const [filter, setFilter] = useFilter();
  const [live, setLive] = useState(true);
  const account = useAccountId();
  const { range = '24h', member, key, api } = filter;
  const { data: stats, isPlaceholderData } = useQuery(statsQuery(account, { range, member, key, api }));
  const choices = useChoices(stats);
  const ended = filter.before !== undefined;
  return (
    <Page
      title="Requests"
      lead={
        stats?.scope === 'own'
          ? 'Every call made with your values, newest first.'
          : 'Every call of the owner and the members, newest first.'
      }
      actions={
        <>
          <Tooltip label="The time above has an end, so nothing newer joins" disabled={!ended}>
            <Box>
              <Switch
                label="Live"
                size="sm"
                checked={live && !ended}
                disabled={ended}
                onChange={(event) => setLive(event.currentTarget.checked)}
              />
            </Box>
          </Tooltip>
          <RangeSwitch
            value={range}
            onChange={(next) => setFilter({ ...filter, range: next, after: undefined, before: undefined })}
          />
        </>
      }
    >
      <Group justify="space-between" gap="xs">
        <FilterChips filter={filter} onFilter={setFilter} choices={choices} />
        {stats && (
          <Text size="sm" c="dimmed">
            {summary(stats, filter)}
          </Text>
        )}
      </Group>
      <Panel>
        <Histogram
          stats={stats}
          range={range}
          dimmed={isPlaceholderData}
          pick={(after, before) => setFilter({ ...filter, after, before })}
        />
      </Panel>
      <Calls filter={filter} onFilter={setFilter} live={live && !ended} />
    </Page>
  );
}

/** What the figures cannot be narrowed by; the rows can. */
const ROWS_ONLY: readonly Field[] = ['network', 'method', 'outcome', 'denial', 'observed', 'status'];

function summary({ totals }: Stats, filter: RequestFilter): string {
  const words = `${plural(totals.calls, 'call')}, ${int(totals.denied)} denied`;
  return ROWS_ONLY.some((field) => filter[field] !== undefined) ? `${words} in all: the chart follows member, key and API only` : words;
}
