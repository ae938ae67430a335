// Overview: how things stand, and why.
import { Grid, SimpleGrid, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { OwnershipNotice } from '../ownership/OwnershipNotice';
import { Refused } from '../ui/notice';
import { Page } from '../ui/page';
import { isRange, RangeSwitch } from '../ui/range';
import { useUrl } from '../ui/url';
import { CallsPanel } from './CallsPanel';
import { ChangesPanel } from './ChangesPanel';
import { DeniedPanel } from './DeniedPanel';
import { Figures } from './Figures';
import { useAccount } from './query';
import { QuotaPanel } from './QuotaPanel';
import { useAccountId } from './seat';
import { SpendPanel } from './SpendPanel';
import { standing } from './standing';
import { statsQuery } from './stats';
import { fullest } from './usage';

export function OverviewPage() {
  const [search, change] = useUrl();
  const range = isRange(search.range) ? search.range : '24h';
  const { data: account, error } = useAccount();
  const { data: stats, error: statsError, isPlaceholderData } = useQuery(statsQuery(useAccountId(), { range }));
  const quotas = account?.subscriptions.flatMap((subscription) => {
    const usage = fullest(subscription.quotas);
    return usage ? [{ subscription, usage }] : [];
  });
  return (
    <Page
      title="Overview"
      lead={account && standing(account.subscriptions, stats)}
      actions={<RangeSwitch value={range} onChange={(next) => change({ range: next })} />}
    >
      <Refused error={error ?? statsError} />
      <OwnershipNotice />
      <SimpleGrid cols={{ base: 1, md: quotas?.length === 1 ? 1 : 2 }} spacing="md">
        {quotas
          ? quotas.map(({ subscription, usage }) => (
              <QuotaPanel key={subscription.id} subscription={subscription} usage={usage} />
            ))
          : [0, 1].map((i) => <Skeleton key={i} h={336} radius="lg" />)}
      </SimpleGrid>
      <Figures stats={stats} range={range} />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <CallsPanel stats={stats} range={range} dimmed={isPlaceholderData} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <DeniedPanel stats={stats} range={range} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 8 }}>
          <SpendPanel stats={stats} range={range} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <ChangesPanel />
        </Grid.Col>
      </Grid>
    </Page>
  );
}
