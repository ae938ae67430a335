// Outbox: what Keyward has to say by mail. Without a mail server this is where the mails can be read.
import { Button, Drawer, Skeleton, Table, Text, UnstyledButton } from '@mantine/core';
import { IconMail } from '@tabler/icons-react';
import { infiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query';
import { answer, client } from '../api/client';
import type { Mail } from '../api/nouns';
import { Empty } from '../ui/empty';
import { int } from '../ui/format';
import { Notice, Refused } from '../ui/notice';
import { Page } from '../ui/page';
import { Panel } from '../ui/panel';
import { useUrl } from '../ui/url';
import { When } from '../ui/when';
import { MailBody } from './MailBody';
import { MailState } from './MailState';

const EVERY_MS = 3_000;

const outboxQuery = infiniteQueryOptions({
  queryKey: ['outbox'],
  queryFn: ({ pageParam }) =>
    answer(client.GET('/operator/outbox', { params: { query: { before: pageParam ?? undefined } } })),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next,
  refetchInterval: EVERY_MS,
});

export function OutboxPage() {
  const [{ mail: opened }, change] = useUrl();
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(outboxQuery);
  const mails = data?.pages.flatMap((page) => page.mails) ?? [];
  const hasMail = data?.pages[0]?.has_mail ?? true;
  const shown = mails.find(({ id }) => id === opened);
  return (
    <Page title="Outbox" lead="Invitations, confirmations and resets, newest first.">
      <Refused error={error} />
      {!hasMail && (
        <Notice kind="warn">
          No mail server is set, so nothing leaves this machine: open a mail to read it and follow its link. Links work
          once.
        </Notice>
      )}
      {!data && !error && <Skeleton h={260} radius="lg" />}
      {data && mails.length === 0 && (
        <Panel>
          <Empty icon={<IconMail size={20} />} title="No mail yet">
            Add a new member, and their invitation appears here.
          </Empty>
        </Panel>
      )}
      {mails.length > 0 && (
        <Panel
          flush
          footer={
            hasNextPage && (
              <Button
                variant="subtle"
                size="compact-sm"
                loading={isFetchingNextPage}
                onClick={() => void fetchNextPage()}
              >
                Earlier mails
              </Button>
            )
          }
        >
          <Table aria-label="Mails" horizontalSpacing="lg">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>To</Table.Th>
                <Table.Th visibleFrom="sm">Subject</Table.Th>
                <Table.Th>State</Table.Th>
                <Table.Th visibleFrom="sm" ta="right">Attempts</Table.Th>
                <Table.Th visibleFrom="sm" ta="right">
                  Made
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {mails.map((mail) => (
                <MailRow key={mail.id} mail={mail} open={() => change({ mail: mail.id })} />
              ))}
            </Table.Tbody>
          </Table>
        </Panel>
      )}
      <Drawer
        opened={shown !== undefined}
        onClose={() => change({ mail: undefined })}
        title={shown?.subject}
        size={620}
      >
        {shown && <MailBody mail={shown} />}
      </Drawer>
    </Page>
  );
}

function MailRow({ mail, open }: { mail: Mail; open: () => void }) {
  return (
    <Table.Tr onClick={open} style={{ cursor: 'pointer' }}>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>
        <UnstyledButton fz="sm" fw={560} mih={24}>
          {mail.to}
        </UnstyledButton>
        <Text size="xs" c="dimmed" hiddenFrom="sm">
          {mail.subject}, <When at={mail.created_at} />
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm">{mail.subject}</Table.Td>
      <Table.Td>
        <MailState mail={mail} />
      </Table.Td>
      <Table.Td visibleFrom="sm" ta="right">
        {mail.attempts === 0 ? (
          <Text span size="sm" c="dimmed">
            —
          </Text>
        ) : (
          int(mail.attempts)
        )}
      </Table.Td>
      <Table.Td visibleFrom="sm" ta="right">
        <When at={mail.created_at} />
      </Table.Td>
    </Table.Tr>
  );
}
