// One quota of a subscription: what is used, where the pace leads, and who stands behind it.
import { Box, Group, Progress, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Subscription, Usage } from '../api/nouns';
import { figure, percent, perPeriod } from '../ui/format';
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
import { beyondWords, isLow, isUsedUp, shareUsed } from './usage';

const DAY = 86_400_000;

export function QuotaPanel({ subscription, usage }: { subscription: Subscription; usage: Usage }) {
  const { api, api_title: title, plan_title: plan } = subscription;
  const range = rangeFor(usage);
  const { data: stats } = useQuery(statsQuery(useAccountId(), { range, api }));
  const now = useNow();
  // Who sees only their own calls cannot be shown how the account's quota came about.
  const seesAll = stats?.scope === 'account';
  const burn = stats && burnOf(usage, seesAll ? stats : { ...stats, buckets: [] }, now);
  const others = subscription.quotas.filter((quota) => quota !== usage);
  return (
    <Panel title={title} hint={`${plan}, ${figure(usage.limit)} ${usage.metric} ${perPeriod(usage.period)}`} h="100%">
      <Gauge usage={usage} />
      {burn ? (
        <BurnChart burn={burn} label={`${title}: ${usage.metric} used in this window and the pace ahead`} />
      ) : (
        <Skeleton h={134} />
      )}
      <Box mt="xs">
        {burn ? <Verdict usage={usage} burn={burn} now={now} foresees={seesAll} /> : <Skeleton h={38} />}
      </Box>
      <Box mt="md">
        {stats && seesAll && (
          <ShareBar
            shares={sharesOf(stats.by_member, usage)}
            of={shareWidth(stats.by_member, usage)}
            label={`${title}: who spent in the last ${rangeWord(range)}`}
          />
        )}
      </Box>
      {others.length > 0 && <OtherQuotas title={title} quotas={others} />}
    </Panel>
  );
}

/** The quotas of the subscription that are further from their end than the one above. */
function OtherQuotas({ title, quotas }: { title: string; quotas: readonly Usage[] }) {
  return (
    <Stack gap="xs" mt="md" pt="sm" style={{ borderTop: '1px solid var(--kw-hairline)' }}>
      {quotas.map((usage) => (
        <Box key={`${usage.metric} ${usage.period}`}>
          <Group justify="space-between" mb={4}>
            <Text size="xs" c="dimmed">
              {figure(usage.used)} of {figure(usage.limit)} {usage.metric} {perPeriod(usage.period)}
            </Text>
            <Text size="xs" fw={560}>
              {percent(usage.used, usage.limit)}
            </Text>
          </Group>
          <Progress
            value={shareUsed(usage) * 100}
            size={4}
            color={isLow(usage) ? 'var(--kw-observed)' : 'var(--kw-allowed)'}
            aria-label={`${title}: ${percent(usage.used, usage.limit)} of the ${usage.metric} ${perPeriod(usage.period)} used`}
          />
        </Box>
      ))}
    </Stack>
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
  spends.map(({ id, name, ...amounts }) => ({
    id,
    name: id === null ? 'Service' : (name.split(' ')[0] ?? name),
    amount: amounts[metric],
  }));

/** The bar is as full as the quota, whatever of the window the figures cover. */
function shareWidth(spends: Parameters<typeof sharesOf>[0], usage: Usage): number {
  const sum = spends.reduce((total, spend) => total + spend[usage.metric], 0);
  return usage.used > 0 && sum > 0 ? (sum * usage.limit) / usage.used : Math.max(usage.limit, sum);
}

type VerdictProps = { usage: Usage; burn: Burn; now: number; foresees: boolean };

function Verdict({ usage, burn, now, foresees }: VerdictProps) {
  const reset = usage.period === 'lifetime' ? null : dayAndClock(usage.window_end, now);
  if (usage.used >= usage.limit && !isUsedUp(usage))
    return (
      <Notice kind="warn">
        <b>Used up, and goes on</b>: {beyondWords(usage)} {reset ? `until the reset at ${reset}` : 'the quota'}
      </Notice>
    );
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
  if (!foresees)
    return (
      <Notice kind="good">
        <b>Lasts</b> at the pace of the last hour, until the reset at {reset}
      </Notice>
    );
  return (
    <Notice kind="good">
      <b>Lasts</b>: about {figure(Math.max(usage.used, Math.min(burn.atEnd, usage.limit)))} will be used at the reset at{' '}
      {reset}
    </Notice>
  );
}
