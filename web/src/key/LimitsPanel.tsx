// How much and how fast a key may be called with: a line for each limit, and how far it is used.
import { Box, Button, Group, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconPlus } from '@tabler/icons-react';
import { useEffect, type ReactNode } from 'react';
import { useAccountId } from '../account/seat';
import type { Key, KeyLimits } from '../api/nouns';
import { plural } from '../ui/format';
import { Refused } from '../ui/notice';
import { Panel } from '../ui/panel';
import { Why, whyNot } from '../ui/why';
import { ChangedMeanwhile, isMeanwhile } from './ChangedMeanwhile';
import { QuotaRow, RateRow } from './LimitRow';
import { addQuota, addRate, periodOf, QUOTA_LIMIT, RATE_LIMIT, replaced, without, type LimitFlaw } from './limits';
import { limitsQuery } from './query';
import { useLimits } from './useLimits';

type PanelProps = { apiKey: Key; onDirty: (dirty: boolean) => void };

export function LimitsPanel({ apiKey: key, onDirty }: PanelProps) {
  const { data, error } = useQuery(limitsQuery(useAccountId(), key.id));
  if (data) return <LimitEditor apiKey={key} saved={data} onDirty={onDirty} />;
  return error ? <Refused error={error} /> : <Skeleton h={180} radius="lg" />;
}

function LimitEditor({ apiKey: key, saved, onDirty }: PanelProps & { saved: KeyLimits }) {
  const { draft, change, changes, discard, save, takeIn, busy, flaw, error } = useLimits(key, saved);
  const why = whyNot(key.can.limits);
  useEffect(() => onDirty(changes > 0), [changes, onDirty]);
  const flawAt = (part: LimitFlaw['part'], place: number) => (flaw?.part === part && flaw.place === place ? flaw : null);
  const usageOf = (metric: string, period: string) =>
    saved.quotas.find((quota) => quota.metric === metric && quota.period === period)?.usage ?? null;
  const tooMany = `A key has at most ${QUOTA_LIMIT} quotas`;
  const footer = changes > 0 && (
    <Group justify="space-between" gap="xs">
      <Text size="sm">{plural(changes, 'change')}, not saved</Text>
      <Group gap="xs">
        <Button variant="default" onClick={discard}>
          Discard
        </Button>
        <Button loading={busy} onClick={save}>
          Save limits
        </Button>
      </Group>
    </Group>
  );
  return (
    <Panel title="Limits" hint="Of this key, beside those of the account and of each member" footer={footer} flush>
      <Part
        first
        title="How much"
        none="No quota of its own: only the account's and each member's hold."
        isEmpty={draft.quotas.length === 0}
        add={
          <Add
            label="Add a quota"
            why={why ?? (draft.quotas.length >= QUOTA_LIMIT ? tooMany : null)}
            run={() => change(addQuota(draft))}
          />
        }
      >
        {draft.quotas.map((line, place) => (
          <QuotaRow
            key={line.id}
            line={line}
            usage={usageOf(line.metric, periodOf(line))}
            flaw={flawAt('quotas', place)}
            why={why}
            change={(next) => change({ ...draft, quotas: replaced(draft.quotas, place, next) })}
            remove={() => change({ ...draft, quotas: without(draft.quotas, place) })}
          />
        ))}
      </Part>
      <Part
        title="How fast"
        none="No rate of its own: only the account's and each member's hold."
        isEmpty={draft.rates.length === 0}
        add={
          <Add
            label="Add a rate"
            why={why ?? (draft.rates.length >= RATE_LIMIT ? 'Every metric has a rate for each span' : null)}
            run={() => change(addRate(draft))}
          />
        }
      >
        {draft.rates.map((line, place) => (
          <RateRow
            key={line.id}
            line={line}
            flaw={flawAt('rates', place)}
            why={why}
            change={(next) => change({ ...draft, rates: replaced(draft.rates, place, next) })}
            remove={() => change({ ...draft, rates: without(draft.rates, place) })}
          />
        ))}
      </Part>
      {error !== null && (
        <Box px="lg" py="sm">
          {isMeanwhile(error) ? (
            <ChangedMeanwhile keyId={key.id} seen={saved.version} busy={busy} takeIn={() => void takeIn()} />
          ) : (
            <Refused error={error} />
          )}
        </Box>
      )}
    </Panel>
  );
}

type PartProps = { first?: boolean; title: string; none: string; isEmpty: boolean; add: ReactNode; children: ReactNode };

function Part({ first, title, none, isEmpty, add, children }: PartProps) {
  return (
    <Box component="section" aria-label={title} py="xs" style={first ? undefined : { borderTop: '1px solid var(--kw-hairline)' }}>
      <Group px="lg" justify="space-between" gap="xs">
        <Text size="sm" fw={560}>
          {title}
        </Text>
        {add}
      </Group>
      {isEmpty && (
        <Text px="lg" size="sm" c="dimmed">
          {none}
        </Text>
      )}
      {children}
    </Box>
  );
}

function Add({ label, why, run }: { label: string; why: string | null; run: () => void }) {
  return (
    <Why why={why}>
      <Button variant="subtle" color="gray" leftSection={<IconPlus size={15} />} onClick={run}>
        {label}
      </Button>
    </Why>
  );
}
