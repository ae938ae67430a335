// One quota of a subscription: what is used, where the pace leads, and who stands behind it.
import { Box, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Subscription, Usage } from '../api/types';
import { figure, perPeriod } from '../ui/format';
import { Gauge, ShareBar, type Share } from '../ui/gauge';
import { Notice } from '../ui/notice';
import { useNow } from '../ui/now';
import { Panel } from '../ui/panel';
import { rangeWord, type Range } from '../ui/range';
import { dayAndClock, spanWords } from '../ui/time';
import { burnOf, type Burn } from './burn';
import { BurnChart } from './BurnChart';
import { useAccountId } from './seat';
import { statsQuery } from './stats';

const DAY = 86_400_000;

export function QuotaPanel({ subscription, usage }: { subscription: Subscription; usage: Usage }) {
  const { api, api_title: title, plan_title: plan } = subscription;
  const range = rangeFor(usage);
  const { data: stats } = useQuery(statsQuery(useAccountId(), { range, api }));
  const now = useNow();
  const burn = stats && burnOf(usage, stats, now);
  return (
    <Panel title={title} hint={`${plan}, ${figure(usage.limit)} ${usage.metric} ${perPeriod(usage.period)}`} h="100%">
      <Gauge usage={usage} />
      {burn ? (
        <BurnChart burn={burn} label={`${title}: ${usage.metric} used in this window and the pace ahead`} />
      ) : (
        <Skeleton h={134} />
      )}
      <Box mt="xs">{burn ? <Verdict usage={usage} burn={burn} now={now} /> : <Skeleton h={38} />}</Box>
      <Box mt="md">
        {stats && (
          <ShareBar
            shares={sharesOf(stats.by_member, usage)}
            of={shareWidth(stats.by_member, usage)}
            label={`${title}: who spent in the last ${rangeWord(range)}`}
          />
        )}
      </Box>
    </Panel>
  );
}

/** The span of buckets that covers the window best. */
function rangeFor({ window_start, window_end }: Usage): Range {
  const length = Date.parse(window_end) - Date.parse(window_start);
  if (length <= DAY) return '24h';
  return length <= 7 * DAY ? '7d' : '30d';
}

const sharesOf = (
  spends: readonly { id: string | null; name: string; requests: number; credits: number }[],
  { metric }: Usage,
): Share[] =>
  spends.map((spend) => ({ id: spend.id, name: spend.name.split(' ')[0] ?? spend.name, amount: spend[metric] }));

/** The bar is as full as the quota, whatever of the window the figures cover. */
function shareWidth(spends: Parameters<typeof sharesOf>[0], usage: Usage): number {
  const sum = spends.reduce((total, spend) => total + spend[usage.metric], 0);
  return usage.used > 0 && sum > 0 ? (sum * usage.limit) / usage.used : Math.max(usage.limit, sum);
}

function Verdict({ usage, burn, now }: { usage: Usage; burn: Burn; now: number }) {
  const reset = usage.period === 'lifetime' ? null : dayAndClock(usage.window_end, now);
  if (usage.used >= usage.limit)
    return (
      <Notice kind="bad">
        <b>Used up.</b> {reset ? `Calls are denied until the reset at ${reset}.` : 'It does not start again.'}
      </Notice>
    );
  if (burn.runsOut !== null) {
    const early = spanWords(burn.end - burn.runsOut);
    return (
      <Notice kind="warn">
        <b>Runs out at {dayAndClock(new Date(burn.runsOut).toISOString(), now)}</b>, {early} before the reset at {reset}
      </Notice>
    );
  }
  if (reset === null)
    return (
      <Notice kind="good">
        <b>
          {figure(usage.limit - usage.used)} {usage.metric} left
        </b>
        , without an end in time
      </Notice>
    );
  return (
    <Notice kind="good">
      <b>Lasts</b>: about {figure(Math.max(usage.used, Math.min(burn.atEnd, usage.limit)))} will be used at the reset at{' '}
      {reset}
    </Notice>
  );
}
