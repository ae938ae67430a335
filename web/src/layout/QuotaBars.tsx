// The run-out clock that follows one onto every page: the fullest quota of each subscription.
import { Box, Group, Progress, Stack, Text, Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { accountQuery } from '../account/query';
import { fullest, isLow, untilReset } from '../account/usage';
import type { Subscription } from '../api/nouns';
import { int, perPeriod, percent } from '../ui/format';
import { useNow } from '../ui/now';

/** More bars than this would push the pages off the screen; the overview shows them all. */
const MOST_BARS = 3;

export function QuotaBars({ account }: { account: string }) {
  const { data } = useQuery(accountQuery(account));
  return (
    <Stack gap={10} px={8} py={6} mt="md">
      {data?.subscriptions.slice(0, MOST_BARS).map((subscription) => (
        <QuotaBar key={subscription.id} subscription={subscription} />
      ))}
    </Stack>
  );
}

function QuotaBar({ subscription }: { subscription: Subscription }) {
  const now = useNow();
  const usage = fullest(subscription.quotas);
  if (usage === null) return null;
  const low = isLow(usage);
  const share = percent(usage.used, usage.limit);
  const exact = `${int(usage.used)} of ${int(usage.limit)} ${usage.metric} ${perPeriod(usage.period)}`;
  return (
    <Tooltip label={`${subscription.api_title}: ${exact}, ${share}`} position="right">
      <Box>
        <Group justify="space-between" mb={4} wrap="nowrap">
          <Text size="xs" truncate>
            {subscription.api_title}
          </Text>
          <Text size="xs" c={low ? 'var(--kw-observed-text)' : 'dimmed'} fw={low ? 600 : 400} style={{ whiteSpace: 'nowrap' }}>
            {untilReset(usage, now)}
          </Text>
        </Group>
        <Progress
          value={Math.min(100, (usage.used / usage.limit) * 100)}
          size={4}
          color={low ? 'var(--kw-observed)' : 'var(--kw-allowed)'}
          aria-label={`${subscription.api_title}: ${share} of the quota used`}
        />
      </Box>
    </Tooltip>
  );
}
