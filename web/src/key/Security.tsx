// Security: what a call with this key must bring, what it must pass, and how much and how fast it may call.
import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ListEditor } from '../allowlist/ListEditor';
import { keyListsQuery, useKeyLists } from '../allowlist/query';
import type { Allowlists, Key } from '../api/nouns';
import { useAccountId } from '../account/seat';
import { LeaveGuard } from '../ui/leave';
import { Refused } from '../ui/notice';
import { LimitsPanel } from './LimitsPanel';
import { SecretPanel } from './SecretPanel';

export function Security({ apiKey: key }: { apiKey: Key }) {
  const { data, error } = useQuery(keyListsQuery(useAccountId(), key.id));
  if (data) return <Settings apiKey={key} lists={data} />;
  if (error) return <Refused error={error} />;
  return (
    <>
      <Skeleton h={180} radius="lg" />
      <Skeleton h={180} radius="lg" />
    </>
  );
}

function Settings({ apiKey: key, lists }: { apiKey: Key; lists: Allowlists }) {
  const [listsChanged, setListsChanged] = useState(false);
  const [limitsChanged, setLimitsChanged] = useState(false);
  const door = useKeyLists(key, lists);
  return (
    <>
      <SecretPanel apiKey={key} />
      <ListEditor saved={lists} door={door} onDirty={setListsChanged} calls={{ key: key.id }} />
      <LimitsPanel apiKey={key} onDirty={setLimitsChanged} />
      <LeaveGuard when={listsChanged || limitsChanged} what={`What you changed of ${key.name}`} />
    </>
  );
}
