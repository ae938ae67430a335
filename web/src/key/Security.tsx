// Security: what a call with this key must bring, where it may come from, and how much and how fast it may call.
import { Button, Card, Group, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Key } from '../api/nouns';
import { useAccountId } from '../account/seat';
import { plural } from '../ui/format';
import { LeaveGuard } from '../ui/leave';
import { Refused } from '../ui/notice';
import { whyNot } from '../ui/why';
import { AllowlistPanel } from './AllowlistPanel';
import { LimitsPanel } from './LimitsPanel';
import { allowlistsQuery } from './query';
import { SecretPanel } from './SecretPanel';
import { useLists, type Lists } from './useLists';

export function Security({ apiKey: key }: { apiKey: Key }) {
  const account = useAccountId();
  const { data, error } = useQuery(allowlistsQuery(account, key.id));
  const [listsChanged, setListsChanged] = useState(false);
  const [limitsChanged, setLimitsChanged] = useState(false);
  if (error) return <Refused error={error} />;
  if (!data) {
    return (
      <>
        <Skeleton h={180} radius="lg" />
        <Skeleton h={180} radius="lg" />
      </>
    );
  }
  return (
    <>
      <SecretPanel apiKey={key} />
      <ListEditor apiKey={key} saved={data} onDirty={setListsChanged} />
      <LimitsPanel apiKey={key} onDirty={setLimitsChanged} />
      <LeaveGuard when={listsChanged || limitsChanged} what={`What you changed of ${key.name}`} />
    </>
  );
}

type EditorProps = { apiKey: Key; saved: Lists; onDirty: (dirty: boolean) => void };

function ListEditor({ apiKey: key, saved, onDirty }: EditorProps) {
  const { draft, change, changes, discard, save, busy, flaw, error } = useLists(key, saved);
  const why = whyNot(key.can.lists);
  useEffect(() => onDirty(changes > 0), [changes, onDirty]);
  return (
    <>
      {(['addresses', 'domains'] as const).map((kind) => (
        <AllowlistPanel
          key={kind}
          kind={kind}
          saved={saved[kind]}
          draft={draft[kind]}
          onChange={change(kind)}
          flaw={flaw?.kind === kind ? flaw : null}
          why={why}
        />
      ))}
      <Refused error={error} />
      {changes > 0 && <SaveBar changes={changes} busy={busy} save={save} discard={discard} />}
    </>
  );
}

type SaveProps = { changes: number; busy: boolean; save: () => void; discard: () => void };

/** Stays in view while there is something to save. */
function SaveBar({ changes, busy, save, discard }: SaveProps) {
  return (
    <Card
      p="sm"
      pos="sticky"
      bottom={{ base: 70, sm: 16 }}
      shadow="md"
      style={{ zIndex: 2 }}
      role="region"
      aria-label="Changes"
    >
      <Group justify="space-between" gap="xs">
        <Text size="sm" px={8}>
          {plural(changes, 'change')}, not saved
        </Text>
        <Group gap="xs">
          <Button variant="default" onClick={discard}>
            Discard
          </Button>
          <Button loading={busy} onClick={save}>
            Save lists
          </Button>
        </Group>
      </Group>
    </Card>
  );
}
