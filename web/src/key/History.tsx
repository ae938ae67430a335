// History: what the key allowed after each change, who made it and why; any version can be gone back to.
import { Button, Collapse, Group, Skeleton, Stack, Text, TextInput, Timeline, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, client } from '../api/client';
import type { Key, Version } from '../api/nouns';
import { useAccountId } from '../account/seat';
import { keyListsQuery } from '../allowlist/query';
import { Confirm } from '../ui/confirm';
import { Face } from '../ui/face';
import { note, Refused } from '../ui/notice';
import { Panel } from '../ui/panel';
import { clock } from '../ui/time';
import { When } from '../ui/when';
import { Why, whyNot } from '../ui/why';
import { Differences } from './Differences';
import { limitsQuery, useKeyChanged } from './query';
import { fieldWord, versionQuery, versionsQuery } from './version';

const rail = {
  itemBullet: { border: 0, background: 'transparent' },
  item: { '--item-border-color': 'var(--kw-hairline)' } as object,
};

export function History({ apiKey: key }: { apiKey: Key }) {
  const list = useInfiniteQuery(versionsQuery(useAccountId(), key.id));
  const versions = list.data?.pages.flatMap((page) => page.versions) ?? [];
  const footer = list.hasNextPage && (
    <Button
      variant="subtle"
      size="compact-sm"
      ml={-8}
      loading={list.isFetchingNextPage}
      onClick={() => void list.fetchNextPage()}
    >
      Earlier versions
    </Button>
  );
  return (
    <Panel title="History" hint="what this key allowed after each change" footer={footer}>
      <Refused error={list.error} />
      {list.isPending && <Skeleton h={220} />}
      <Timeline bulletSize={24} lineWidth={1} color="gray" styles={rail}>
        {versions.map((version, i) => (
          <Timeline.Item
            key={version.number}
            bullet={<Face id={version.author?.id ?? null} name={version.author?.name ?? 'Keyward'} size={24} />}
            mt={i ? 16 : 0}
          >
            <OneVersion apiKey={key} version={version} />
          </Timeline.Item>
        ))}
      </Timeline>
    </Panel>
  );
}

function OneVersion({ apiKey: key, version }: { apiKey: Key; version: Version }) {
  const [opened, { toggle }] = useDisclosure();
  const [restoring, restore] = useDisclosure();
  return (
    <>
      <Group justify="space-between" wrap="nowrap" align="start" gap="xs">
        <UnstyledButton onClick={toggle} aria-expanded={opened} miw={0}>
          <Text size="sm" lh={1.4} style={{ overflowWrap: 'anywhere' }}>
            <b>Version {version.number}</b>
            {version.is_newest && ', in force'} · {version.author?.name ?? 'Keyward'} {whatOf(version)}
          </Text>
          <Text size="xs" c="dimmed">
            <When at={version.time} /> · {opened ? 'hide' : 'show'} what changed
          </Text>
        </UnstyledButton>
        {!version.is_newest && (
          <Why why={whyNot(version.can_restore)}>
            <Button
              variant="subtle"
              color="gray"
              size="compact-sm"
              style={{ flex: 'none' }}
              leftSection={<IconArrowBackUp size={15} />}
              aria-label={`Go back to version ${version.number}…`}
              onClick={restore.open}
            >
              Go back…
            </Button>
          </Why>
        )}
      </Group>
      {version.reason && (
        <Text size="sm" fs="italic" style={{ overflowWrap: 'anywhere' }}>
          “{version.reason}”
        </Text>
      )}
      <Collapse expanded={opened}>{opened && <Changed apiKey={key} version={version} />}</Collapse>
      <Restore apiKey={key} version={version} opened={restoring} close={restore.close} />
    </>
  );
}

function whatOf({ number, restored, changed }: Version): string {
  const fields = changed.map((field) => fieldWord(field).toLowerCase()).join(', ');
  if (restored !== null) return `went back to version ${restored}`;
  if (fields) return `changed ${fields}`;
  return number === 1 ? 'made it' : 'changed nothing';
}

function Changed({ apiKey: key, version }: { apiKey: Key; version: Version }) {
  const { data, error } = useQuery(versionQuery(useAccountId(), key.id, version.number));
  if (error) return <Refused error={error} />;
  if (!data) return <Skeleton h={40} mt="xs" />;
  const since = data.since_before;
  if (since === null)
    return (
      <Text size="sm" c="dimmed" mt="xs">
        There is no version before it to compare with.
      </Text>
    );
  return (
    <Stack mt="xs">
      <Differences of={since} same="Nothing differs from the version before." />
    </Stack>
  );
}

type RestoreProps = { apiKey: Key; version: Version; opened: boolean; close: () => void };

function Restore({ apiKey: key, version, opened, close }: RestoreProps) {
  const account = useAccountId();
  const cache = useQueryClient();
  const changed = useKeyChanged();
  const [reason, setReason] = useState('');
  const { data, error } = useQuery({ ...versionQuery(account, key.id, version.number), enabled: opened });
  const run = async () => {
    const params = {
      path: { account, key: key.id, version: version.number },
      header: { 'If-Match': `"${key.version}"` },
    };
    const body = { reason: reason.trim() || null };
    const { key: now, effective_at } = await answer(
      client.POST('/accounts/{account}/keys/{key}/versions/{version}/restore', { params, body }),
    );
    await changed(now);
    cache.removeQueries({ queryKey: limitsQuery(account, key.id).queryKey });
    cache.removeQueries({ queryKey: keyListsQuery(account, key.id).queryKey });
    await cache.invalidateQueries({ queryKey: ['versions', account, key.id] });
    note.done(`${now.name} allows what it did in version ${version.number} since ${clock(effective_at)}.`);
  };
  // Told the other way round: what going back changes.
  const back = data?.until_now
    .filter(({ is_restored }) => is_restored)
    .map((one) => ({ ...one, before: one.after, after: one.before }));
  return (
    <Confirm
      opened={opened}
      close={close}
      calm
      title={`Go back to version ${version.number} of ${key.name}?`}
      action={`Go back to version ${version.number}`}
      run={run}
    >
      <Stack gap="sm">
        <div>
          It makes a new version, so this can be undone. Values, the secret and the holder stay, and so do the switches.
        </div>
        <Refused error={error} />
        {back ? <Differences of={back} same="Nothing would change." /> : <Skeleton h={40} />}
        <TextInput
          label="Why"
          description="For the history; may stay empty"
          maxLength={200}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </Stack>
    </Confirm>
  );
}
