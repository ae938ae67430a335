// Somebody else changed the key while one was at it: who, what, and a way to have both changes.
import { Box, Button, Group, Skeleton } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { problemOf } from '../api/client';
import { useAccountId } from '../account/seat';
import { Notice, Refused } from '../ui/notice';
import { Differences } from './Differences';
import { versionQuery, versionsQuery } from './version';

/** Whether it was refused because of what somebody else changed. */
export const isMeanwhile = (error: unknown) => error !== null && problemOf(error).code === 'changed_meanwhile';

type MeanwhileProps = {
  keyId: string;
  /** The version that one's own change was made from. */
  seen: number;
  /** Puts one's own change on top of what the key is now. */
  takeIn: () => void;
  busy: boolean;
};

export function ChangedMeanwhile({ keyId, seen, takeIn, busy }: MeanwhileProps) {
  const account = useAccountId();
  const whole = useQuery(versionQuery(account, keyId, seen));
  const listed = useInfiniteQuery(versionsQuery(account, keyId)).data?.pages[0]?.versions ?? [];
  const authors = new Set(listed.filter(({ number }) => number > seen).map(({ author }) => author?.name ?? 'Somebody'));
  return (
    <Notice kind="warn">
      <Box role="alert">
        <b>{authors.size > 0 ? [...authors].join(' and ') : 'Somebody'} changed this key meanwhile.</b> Nothing of yours is
        lost, and nothing of theirs: look at what they changed, then put your change on top of it.
      </Box>
      <Box my="sm" p="sm" bdrs="md" bg="var(--mantine-color-body)" c="var(--mantine-color-text)">
        {whole.data && <Differences of={whole.data.until_now} same="It is again as you saw it." />}
        {whole.isPending && <Skeleton h={40} />}
        <Refused error={whole.error} />
      </Box>
      <Group justify="flex-end">
        <Button loading={busy} onClick={takeIn}>
          Put my change on top
        </Button>
      </Group>
    </Notice>
  );
}
