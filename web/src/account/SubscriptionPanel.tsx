// One API under one plan: every quota with how it stands, and how fast one may call.
import { Box, Group, Progress, Stack, Text } from '@mantine/core';
import type { Subscription, Usage } from '../api/nouns';
import { int, percent, perPeriod, rateWords } from '../ui/format';
import { useNow } from '../ui/now';
import { Panel } from '../ui/panel';
import { dayAndClock } from '../ui/time';
import { When } from '../ui/when';
import { beyondWords, isLow, isUsedUp, shareUsed } from './usage';

export function SubscriptionPanel({ subscription }: { subscription: Subscription }) {
  const { api_title, plan_title, started_at, quotas, rates } = subscription;
  return (
    <Panel
      title={api_title}
      hint={plan_title}
      footer={
        <Group justify="space-between" gap="xs">
          <Text size="xs" c="dimmed">
            {rates.length === 0 ? 'No rate limit' : rates.map(rateWords).join(', ')}
          </Text>
          <Text size="xs" c="dimmed" span>
            Since <When at={started_at} />
          </Text>
        </Group>
      }
    >
      <Stack gap="lg">
        {quotas.length === 0 && (
          <Text size="sm" c="dimmed">
            No quota: calls are counted, but never refused for their number.
          </Text>
        )}
        {quotas.map((usage) => (
          <QuotaLine key={`${usage.scope} ${usage.metric} ${usage.period}`} usage={usage} label={api_title} />
        ))}
      </Stack>
    </Panel>
  );
}

function QuotaLine({ usage, label }: { usage: Usage; label: string }) {
  const { used, limit, metric, period } = usage;
  const share = percent(used, limit);
  return (
    <Box>
      <Group justify="space-between" align="baseline" mb={6} wrap="nowrap">
        <Text size="sm" c="dimmed">
          <Text span fz={21} fw={620} lts="-0.015em" c="var(--mantine-color-text)">
            {int(used)}
          </Text>{' '}
          of {int(limit)} {metric} {perPeriod(period)}
        </Text>
        <Text size="sm" fw={560} style={{ whiteSpace: 'nowrap' }}>
          {share}
        </Text>
      </Group>
      <Progress
        value={Math.min(100, shareUsed(usage) * 100)}
        size={6}
        color={isLow(usage) ? 'var(--kw-observed)' : 'var(--kw-allowed)'}
        aria-label={`${label}: ${share} of the ${metric} ${perPeriod(period)} used`}
      />
      <Outlook usage={usage} />
    </Box>
  );
}

function Outlook({ usage }: { usage: Usage }) {
  const now = useNow();
  const { used, limit, runs_out_at, window_end, period } = usage;
  const reset = period === 'lifetime' ? 'It is never reset.' : `Reset ${dayAndClock(window_end, now)}.`;
  const usedUp = isUsedUp(usage) ? 'Used up.' : `Used up, and goes on: ${beyondWords(usage)}.`;
  const warning = used >= limit ? usedUp : runs_out_at !== null ? `At this pace it ends ${dayAndClock(runs_out_at, now)}.` : null;
  return (
    <Text size="xs" c="dimmed" mt={6}>
      {warning && (
        <Text span inherit fw={600} c="var(--kw-observed-text)">
          {warning}{' '}
        </Text>
      )}
      {reset}
    </Text>
  );
}
